"""Training runs: their folders, the process that works on one, and what is told of them."""
