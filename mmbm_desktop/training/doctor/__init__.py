"""The data doctor: looks a data folder over before anything is trained from it. Reads, never writes; no TensorFlow."""
