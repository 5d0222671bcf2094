"""The Train page: from a folder of data to a model that answers in the program."""

from mmbm_desktop.gui.pages.train.page import TrainPage

__all__ = ["TrainPage"]
