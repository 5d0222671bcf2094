"""The library as a file: opening it, one window writing, copies, moving and restoring."""
