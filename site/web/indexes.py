"""An index for searches that do not care about case."""

from typing import Any

from django.db import models


class PrefixIndex(models.Index):
    """An index of one text field for `istartswith` and `iexact`.

    SQLite ignores the case of ASCII letters only.
    """

    # What Django compares in each database.
    columns = {
        "sqlite": "%(columns)s COLLATE NOCASE",
        "postgresql": "UPPER(%(columns)s) text_pattern_ops",
    }

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        column = self.columns[schema_editor.connection.vendor]
        statement.template = statement.template.replace("%(columns)s", column)
        return statement
