"""The ASGI application, for servers that want one."""

import os
import sys
from pathlib import Path

from django.core.asgi import get_asgi_application

# Servers are started with `site/` on the path. The apps are one folder up.
sys.path.append(str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()
