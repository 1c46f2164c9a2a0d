"""Long runs against the real server: what `make fuzz` and `make crash` print."""
