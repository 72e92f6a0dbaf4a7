"""What the forum's pages ask."""
