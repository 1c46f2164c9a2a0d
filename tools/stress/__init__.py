"""Stress tests: long runs against the real server, by `make fuzz` and `make crash`."""
