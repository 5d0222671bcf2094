"""The child process that loads bundles and runs tasks, one at a time. No Qt, no TensorFlow."""
