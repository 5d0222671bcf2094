"""Numbers that say how good a model is, each with its source and checked against hand-worked values."""
