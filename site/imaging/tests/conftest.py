from images.tests.conftest import served_web, web

__all__ = ["served_web", "web"]
