"""The site's settings, with one view more, an example of a secret key, and no limits to reach."""

from config.settings import *  # noqa: F403
from config.settings.limits import RATE_LIMITS as SITE_LIMITS

SECRET_KEY = "for measuring only"
ROOT_URLCONF = "tools.bench.urls"
# Requests are still counted, as that is a part of their costs.
RATE_LIMITS = {name: dict.fromkeys(limits, 10**9) for name, limits in SITE_LIMITS.items()}
