"""Data sets as people keep them, read without mixing their splits."""
