"""Give all tests the fixtures of `testing`."""

pytest_plugins = [
    f"testing.fixtures.{name}"
    for name in ("session", "database", "files", "people", "images", "clock")
]
