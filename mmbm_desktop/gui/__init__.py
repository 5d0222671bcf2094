"""The window. Nothing here knows a tensor or a database."""
