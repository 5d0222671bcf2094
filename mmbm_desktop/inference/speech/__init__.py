"""English speech: finding it in a stream of sound, and writing it down with PocketSphinx."""
