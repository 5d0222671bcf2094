"""Runs that go on from an installed model with a person's corrections: the old model's lessons, and old against new."""
