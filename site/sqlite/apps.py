from django.apps import AppConfig


class SqliteConfig(AppConfig):
    name = "sqlite"
    verbose_name = "SQLite"

    def ready(self) -> None:
        from sqlite import checks  # noqa: F401
