"""The Explore page: three panels for pictures, text and sound, and a feed of answers below them."""

from mmbm_desktop.gui.pages.explore.page import ExplorePage

__all__ = ["ExplorePage"]
