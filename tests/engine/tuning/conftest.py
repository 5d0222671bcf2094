"""Shops of runs, as in the tests of runs."""

from tests.engine.runs.conftest import open_shop, shop

__all__ = ["open_shop", "shop"]
