"""The command line twin: the same engine, words on a terminal."""
