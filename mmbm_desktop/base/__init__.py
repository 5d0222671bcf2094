"""The lowest floor: errors, paths, settings, files, logs, progress and cancellation. Imports nothing of the project."""
