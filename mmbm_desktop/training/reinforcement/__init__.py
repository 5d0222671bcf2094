"""Agents that learn by trying: their worlds, what they see, the loop, and what they show. The recipes use all of it."""
