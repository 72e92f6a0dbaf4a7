"""The pages of a builder's own desk, a noun a module."""
