"""Public model catalogue and downloads; nothing here runs unless the person asks for it."""
