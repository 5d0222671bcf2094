"""Model folders: manifest, verification, safe reading, the hollow form. Reads nothing it has not checked."""
