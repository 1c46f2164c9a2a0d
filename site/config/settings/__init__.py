"""The settings of Magpie. They come from the environment; docs/settings.md lists them.

With nothing set, all data is kept under `var/`.
"""

# ruff: noqa: F403
from config.settings.accounts import *
from config.settings.address import *
from config.settings.base import *
from config.settings.database import *
from config.settings.files import *
from config.settings.languages import *
from config.settings.limits import *
from config.settings.logging import *
from config.settings.mail import *
from config.settings.security import *
from config.settings.storage import *
from config.settings.tasks import *
