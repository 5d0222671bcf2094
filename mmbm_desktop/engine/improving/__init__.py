"""Corrections collected into data folders, runs that learn from them, and which model answers afterwards."""
