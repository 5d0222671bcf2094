"""Capturing pictures and sounds into the classes of a data folder. No Qt, no models."""
