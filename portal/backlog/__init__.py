"""Ideas in the tracker of those who build: sent there one way, and where they stand with it."""
