"""What statements do."""

# The header counts up to a limit, in the statement that loads the viewer.
BOUNDED_COUNT = "(SELECT COUNT(*) FROM (SELECT "


def counts_rows(sql: str) -> bool:
    """Return whether a statement counts rows without a limit."""
    return "COUNT(" in sql.replace(BOUNDED_COUNT, "")
