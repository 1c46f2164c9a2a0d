"""Folders, apps, middleware and templates."""

import os
from pathlib import Path

import django_stubs_ext

from config.settings.address import HTTPS
from config.settings.environment import flag, make_folder

# New files are readable by their owner only; files.py sets the modes of media and static files.
os.umask(0o077)

BASE_DIR = Path(__file__).resolve().parents[3]
VAR = BASE_DIR / "var"
# As in pyproject.toml, which deployed sites lack.
VERSION = "0.1.0"
make_folder("Magpie keeps its data under var", VAR)

# Allows annotations such as ModelForm[Profile].
django_stubs_ext.monkeypatch()

DEBUG = flag("DEBUG", default=False)

# Demo people and images, and the showcase of components. Deployed sites lack the folder.
_has_demo = flag("DEMO", default=not HTTPS) and (BASE_DIR / "demo").is_dir()
INSTALLED_APPS = [
    *(["demo"] if _has_demo else []),
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
    "django_ox",
    "easy_thumbnails",
]

MIDDLEWARE = [
    "web.logs.LogMiddleware",
    "web.headers.HeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "web.text_browsers.TextBrowserMiddleware",
    # Before everything that redirects to a host or stores data by host.
    "web.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "web.static_middleware.StaticFilesMiddleware",
    # Below WhiteNoise, whose files are compressed when they are collected.
    "web.compression.CompressTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "home.viewer.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.bounds.BoundsMiddleware",
    "web.pages.LoginMiddleware",
    "web.limits.RateLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "imaging.middleware.AdmissionMiddleware",
    "web.errors.UnreadableRequestMiddleware",
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
# What Django will do from 2028 on with addresses in a text that have no scheme.
URLIZE_ASSUME_HTTPS = True
COMPONENTS = {
    "dirs": [BASE_DIR / "components"],
    "app_dirs": [],
    "context_behavior": "isolated",
}
