"""Observable state over the engine: QtCore only, no widgets."""
