"""The Activity page: every job of this session, running and done."""

from mmbm_desktop.gui.pages.activity.page import ActivityPage

__all__ = ["ActivityPage"]
