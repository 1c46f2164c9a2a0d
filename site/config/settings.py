"""Settings of Magpie, from the environment; with nothing set, all lives under `var/`."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from django.core.management.utils import get_random_secret_key
from django.urls import reverse, reverse_lazy
from django.utils.csp import CSP
from django.utils.translation import get_language_info

# Every new file is for its owner alone; the modes of media and static files are set below.
os.umask(0o077)

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = BASE_DIR / "var"
VAR.mkdir(exist_ok=True)

# Lets forms and admins say whose they are: ModelForm[Profile].
django_stubs_ext.monkeypatch()

env = environ.Env()


def kept_secret_key() -> str:
    """Return the key in `var/secret_key`, which is made on the first start."""
    path = VAR / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(get_random_secret_key())
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key()

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
HTTPS = urlsplit(SITE_URL).scheme == "https"
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
OTHER_HOSTS = env.list("ALLOWED_HOSTS", default=[])
# With https in SITE_URL, `web.hosts` allows fewer.
ALLOWED_HOSTS = [f"[{SITE_HOST}]" if ":" in SITE_HOST else SITE_HOST, *OTHER_HOSTS]
ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

# Demo people and images, and the showcase. Containers are built without that folder.
HAS_DEMO = env.bool("DEMO", default=not HTTPS) and (BASE_DIR / "demo").is_dir()
INSTALLED_APPS = [
    *(["demo"] if HAS_DEMO else []),
    "home",
    "images",
    "people",
    "stream",
    "web",
    "sqlite",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "ops",
    "allauth",
    "allauth.account",
    "django_components",
    "django_htmx",
    "easy_thumbnails",
    # Deletes the file of a photo that was replaced; wants to be the last.
    "django_cleanup.apps.CleanupConfig",
]

MIDDLEWARE = [
    "web.logs.LogMiddleware",
    "web.headers.HeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    # Before everything that redirects to, serves or remembers something of a host.
    "web.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Below WhiteNoise, whose files are compressed beforehand.
    "web.compression.CompressTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.bounds.BoundsMiddleware",
    "web.pages.LoginMiddleware",
    "web.limits.RateLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "imaging.middleware.AdmissionMiddleware",
    "web.errors.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "components"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django_components.templatetags.component_tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "web.fields.FormRenderer"
COMPONENTS = {
    "dirs": [BASE_DIR / "components"],
    "app_dirs": [],
    "context_behavior": "isolated",
}

# Database, and where rate limits are counted

# Seconds that a request waits for what another one writes, before it is told to come again.
DATABASE_TIMEOUT = env.int("DATABASE_TIMEOUT", default=20)
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        # Chooses the library, and WAL where it is safe.
        "ENGINE": "sqlite",
        # A transaction takes the write lock at its start and waits for it, so none fails half way.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": DATABASE_TIMEOUT,
            # As fast as mmap_size, faster after a write, and an error of the disk or a file that
            # shrinks does not end the server (docs/benchmarks.md).
            "init_command": "PRAGMA synchronous=FULL; PRAGMA cache_size=-8000; "
            # Overwrites deleted rows, which Debian's library does and others do not.
            "PRAGMA secure_delete=ON;",
        },
        "CONN_MAX_AGE": 60,
        # Threads and browser tests cannot share a database in memory.
        "TEST": {"NAME": VAR / "test.sqlite3"},
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            # One connection for each thread of a worker; who gets none is told to come again.
            "pool": {
                "min_size": 1,
                "max_size": env.int("DATABASE_POOL_SIZE", default=8),
                "timeout": 5,
                # Pauses between attempts grow until it gives up; the next request begins anew.
                "reconnect_timeout": 5,
            },
            "connect_timeout": 5,
            "options": f"-c lock_timeout={DATABASE_TIMEOUT}s",
            # A statement that comes again is not planned again, which can take longer than to
            # run it.
            "server_side_binding": True,
            "prepare_threshold": 5,
        }
    )
    DATABASES["default"] |= {
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_{DATABASES['default']['NAME']}"},
    }
# Rate limits are counted in Redis if this names one, nowhere with dummycache://, and otherwise in
# the database. Nothing else is cached.
CACHE_URL = env.str("CACHE_URL", default="")

# People and accounts

ABSOLUTE_URL_OVERRIDES = {
    "auth.user": lambda user: reverse("user_detail", args=[user.get_username()])
}
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": "people.passwords.SiteNameValidator"}]
# A link to a new password is an hour long as good as the password itself.
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.forms.LoginForm",
    "signup": "people.forms.SignupForm",
    "change_password": "people.forms.ChangePasswordForm",
    "reset_password": "people.resets.ResetPasswordForm",
    "reset_password_from_key": "people.resets.ResetPasswordKeyForm",
    "user_token": "people.resets.UserTokenForm",
}
# The form finds the username of anyone who types an address that they have confirmed.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "people.tokens.ResetTokens"  # noqa: S105
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 10
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
RESERVED_USERNAMES = ["admin", "administrator", "demo", "magpie", "moderator", "root", "support"]
# An address that is taken may be signed up with again, for a refusal would tell of the account.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USERNAME_VALIDATORS = "people.names.username_validators"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = reverse_lazy("account_email")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Magpie] "

# E-mail

_mail = env.email_url("EMAIL_URL", default="consolemail://")
_mail_options = {
    "host": _mail.get("EMAIL_HOST"),
    "port": _mail.get("EMAIL_PORT"),
    "username": _mail.get("EMAIL_HOST_USER"),
    "password": _mail.get("EMAIL_HOST_PASSWORD"),
    "use_tls": _mail.get("EMAIL_USE_TLS"),
    "use_ssl": _mail.get("EMAIL_USE_SSL"),
    "file_path": _mail.get("EMAIL_FILE_PATH"),
}
MAILERS = {
    "default": {
        "BACKEND": _mail["EMAIL_BACKEND"]
        if HTTPS or "EMAIL_URL" in env
        else "web.mail.TerminalBackend",
        "OPTIONS": {name: value for name, value in _mail_options.items() if value},
    }
}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"Magpie <magpie@{SITE_HOST}>"

# Files

STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": 'image/svg+xml; charset="utf-8"'}
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR / "static"))
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "django_components.finders.ComponentsFileSystemFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR / "media"))
# Bytes of a form without its files. A text of 200,000 characters is still told to be too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# The admin sends one for each row that is to be deleted. So many take 20 ms to read.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# For the owner and the proxy's group, which new folders and files inherit from MEDIA_ROOT.
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o2750
# Uploads that are being received. Named here, for Python's search finds no folder on a full disk.
FILE_UPLOAD_TEMP_DIR = env.str("TMPDIR", default=str(VAR / "uploads"))
Path(FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "imaging.storage.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "web.static_files.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
THUMBNAIL_ALIASES = {
    "people.Profile.photo": {
        "photo": {"size": (180, 180), "crop": "smart", "upscale": True},
        "photo_2x": {"size": (360, 360), "crop": "smart", "upscale": True},
    },
    # Of both models with such files.
    "images": {
        "thumbnail": {"size": (160, 160), "crop": "smart"},
        # As wide as that, unless the image is narrower, or a strip from top to bottom.
        "320w": {"size": (320, 640)},
        "480w": {"size": (480, 960)},
        "768w": {"size": (768, 1536)},
        "1200w": {"size": (1200, 2400)},
        "2048w": {"size": (2048, 4096)},
    },
}
THUMBNAIL_SOURCE_GENERATORS = ["imaging.jobs.thumbnail_source"]
THUMBNAIL_NAMER = "easy_thumbnails.namers.alias"
# Of 85, the default, one sees no more, and loads a third more.
THUMBNAIL_QUALITY = 75
THUMBNAIL_EXTENSION = THUMBNAIL_TRANSPARENCY_EXTENSION = "webp"

# Images are decoded and addresses fetched by so many at a time on this machine, whose processes
# lock files here.
DECODE_SLOTS = env.int("DECODE_SLOTS", default=2)
FETCH_SLOTS = env.int("FETCH_SLOTS", default=8)
SLOTS_ROOT = env.str("SLOTS_ROOT", default=str(VAR / "slots"))
# How much one person may send in a day.
UPLOAD_MB_PER_DAY = env.int("UPLOAD_MB_PER_DAY", default=1000)
# Requests that each worker works on at a time; half of them may fetch, decode or wait.
THREADS = env.int("THREADS", default=8)

# Hosts, with their ports, that images are fetched from wherever they are, such as in tests.
FETCH_ALLOWED_HOSTS = env.list("FETCH_ALLOWED_HOSTS", default=[])

# Security

SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Forms carry the token themselves.
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
# POST requests a minute, an hour and a day by the URL's name: of one person, from one address, for
# the e-mail address in the form. A whole school may share one address, so those limits are wide.
# "ip" comes first: who is refused there writes no counts for made-up e-mail addresses.
RATE_LIMITS = {
    "account_login": {"ip": 30},
    "account_signup": {"ip": 20},
    "account_reset_password": {"ip": 20, "email": 5},
    "account_reset_password_from_key": {"ip": 20},
    "account_change_password": {"user": 5},
    "account_set_password": {"user": 5},
    "account_reauthenticate": {"user": 10},
    "account_email": {"user": 10},
    "admin:password_change": {"user": 5},
    "user_follow": {"user": 120, "ip": 600},
    "image_like": {"user": 300, "ip": 1200},
    # Saving an image takes a few previews, each of which may fetch and decode for seconds.
    "image_create": {"user": 30, "ip": 90},
    "profile_edit": {"user": 30},
}
# As long as a link to a new password works: whoever used up the limit, the owner has a link.
HOURLY_RATE_LIMITS = {"account_reset_password": {"email": 5}}
# Each of these sends mail to somebody who may not have asked for it.
DAILY_RATE_LIMITS = {"account_signup": {"ip": 300}, "account_reset_password": {"ip": 300}}
# django-allauth's own limits count by Host, and refuse whoever waits too long for a lock.
ACCOUNT_RATE_LIMITS = False
# Addresses are those that the one proxy in front saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
if HTTPS:
    # TLS ends at the proxy, which must set this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    # Browsers take cookies of these names from this very host alone.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"

# Languages and logs

# The first is for those who ask for none of them.
LANGUAGES = [
    (code.strip(), get_language_info(code.strip())["name_local"])
    for code in env.list("LANGUAGES", default=["en", "de"])
]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
TIME_ZONE = "UTC"

# What `json` says is without secrets; text is for who runs the site in a terminal.
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if HTTPS else "text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "web.logs.JsonFormatter"}, "text": {}},
    "filters": {"no_trace_of_refusals": {"()": "web.logs.NoTraceOfRefusals"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["no_trace_of_refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},
        # Of what is refused, `magpie.requests` tells.
        "django.request": {"level": "ERROR"},
        "magpie.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # What the server has to say of the site.
        "_granian": {"propagate": True},
        # It warns of the malformed headers of strangers.
        "urllib3": {"level": "ERROR"},
    },
}
# Unhandled errors are told to Sentry, if it has an address.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    from web.sentry import report_to

    report_to(SENTRY_DSN, BASE_DIR)
