"""The cards of the feed: one kind of answer each."""
