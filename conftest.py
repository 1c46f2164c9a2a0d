"""Give all tests the fixtures of `testing`."""

pytest_plugins = ["testing.fixtures"]
