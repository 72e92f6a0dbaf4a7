"""Shapes of what readers and editors send."""
