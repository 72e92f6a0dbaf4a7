"""What editors do, a noun a module."""
