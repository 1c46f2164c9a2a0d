"""The site's settings, with one view more, and a secret key of no worth."""

from config.settings import *  # noqa: F403

SECRET_KEY = "for measuring alone"
ROOT_URLCONF = "tools.bench.urls"
