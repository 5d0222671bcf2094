"""Files beside files: what they say, what would be written into them, and how. Qt-free; touches no database."""
