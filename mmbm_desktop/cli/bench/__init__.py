"""`mmbm bench`: speed and memory on this computer, each beside its limit. No test depends on the numbers."""

from mmbm_desktop.cli.bench.command import bench

__all__ = ["bench"]
