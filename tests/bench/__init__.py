"""Speed and memory against the floor of the same run: `make bench`."""
