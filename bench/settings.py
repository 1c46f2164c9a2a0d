"""The site's settings, with one view more, and a secret key of no worth."""

from config.settings import *  # noqa: F403

SECRET_KEY = "for measuring alone"  # noqa: S105
ROOT_URLCONF = "bench.urls"
