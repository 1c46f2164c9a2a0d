"""The site's settings, with one more view and a secret key that protects nothing."""

from config.settings import *  # noqa: F403

SECRET_KEY = "only for benchmarks"
ROOT_URLCONF = "tools.bench.urls"
