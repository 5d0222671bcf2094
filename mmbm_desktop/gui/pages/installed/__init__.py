"""The Models page: what is installed, how good it is, under which terms."""

from mmbm_desktop.gui.pages.installed.page import ModelsPage

__all__ = ["ModelsPage"]
