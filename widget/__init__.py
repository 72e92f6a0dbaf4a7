"""The “?” on pages of host applications: a loader, a panel in a frame, and who sits before it."""
