"""Catalogue, search and journal in SQLite. Knows no Qt and no model."""
