"""Recipes, data sets, the loop, metrics, export and publishing; runs in a process of its own."""
