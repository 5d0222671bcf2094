"""How the window looks: colours as data, one style sheet, icons tinted by it."""
