"""Stress tests: long runs against the real server, started by `make fuzz` and `make crash`."""
