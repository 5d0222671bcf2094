"""One module per kind of model: which losses, which data, which numbers."""
