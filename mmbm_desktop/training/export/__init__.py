"""Hollow export: ONNX structures whose weights lie in the bundle's one safetensors file."""
