"""How good a bundle is on one split of a data folder: a module a family."""
