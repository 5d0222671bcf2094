"""The Library page: folders, one query bar, a grid of what is there, and the details of what is chosen."""

from mmbm_desktop.gui.pages.library.page import LibraryPage

__all__ = ["LibraryPage"]
