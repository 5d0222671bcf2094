"""Jobs, scheduling, the worker's supervisor, indexing and the model store. Free of Qt and of tensors."""
