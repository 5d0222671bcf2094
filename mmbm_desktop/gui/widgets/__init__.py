"""Small widgets that every page uses. They look right by the style sheet and say their names to a screen reader."""
