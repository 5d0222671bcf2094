"""ONNX Runtime sessions and decoding, one module per task. Never imports TensorFlow or Keras."""
