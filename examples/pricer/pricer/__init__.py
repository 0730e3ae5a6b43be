"""Values bonds from quotes and a curve."""
