"""Networks in keras.ops, the same on every backend of Keras. Imports nothing but Keras and NumPy."""
