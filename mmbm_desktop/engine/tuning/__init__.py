"""Searches over settings by successive halving: their file, the race, the runs that are its trials."""
