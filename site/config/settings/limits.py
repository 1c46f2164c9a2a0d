"""Limits on what people may do, and on what the machine does at a time."""

import re

from config.settings import cores
from config.settings.base import VAR
from config.settings.environment import number, text, words, wrong


def fetch_allowed_hosts() -> list[str]:
    hosts = words("FETCH_ALLOWED_HOSTS")
    for host in hosts:
        if not re.fullmatch(r"[^/@\s]+:[0-9]+", host):
            raise wrong("FETCH_ALLOWED_HOSTS", "hosts with ports, such as 127.0.0.1:8200", host)
    return hosts


# Images that are decoded, and addresses that are fetched, at the same time on this machine. Its
# processes share locks on files in SLOTS_ROOT.
DECODE_SLOTS = number("DECODE_SLOTS", 2)
FETCH_SLOTS = number("FETCH_SLOTS", 8)
SLOTS_ROOT = text("SLOTS_ROOT", str(VAR / "slots"))
# Megabytes of a form with files. The proxies' configurations in deploy/ have the same limit.
UPLOAD_MB_PER_FORM = number("UPLOAD_MB_PER_FORM", 60)
# Megabytes that one person may send in a day.
UPLOAD_MB_PER_DAY = number("UPLOAD_MB_PER_DAY", 1000)
# During a reload, there are twice as many, each with 8 connections to PostgreSQL, which accepts 97.
MOST_WORKERS = 6
# Processes that answer requests. 0 means one for each core, and at most MOST_WORKERS.
WORKERS = number("WORKERS", 0, lowest=0) or min(cores.usable(), MOST_WORKERS)
# Requests that each worker handles at a time. Half of them may fetch, decode or wait for a slot.
# One person may have half of those.
THREADS = number("THREADS", 8, lowest=4)
# Hosts with ports from which images are fetched although they are not on the public internet.
FETCH_ALLOWED_HOSTS = fetch_allowed_hosts()

# Limits of POST requests, by the name of the URL: per person ("user"), per client address ("ip"),
# and per email address in the form ("email"). A whole school may share one client address, so these
# limits are wide. "ip" comes first: a refused client adds no counts for made-up email addresses.
# These are per minute.
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
    "user_dismiss": {"user": 120},
    "image_like": {"user": 300, "ip": 1200},
    "image_save": {"user": 60, "ip": 300},
    # Saving an image takes a few previews, each of which may fetch and decode for seconds.
    "image_create": {"user": 30, "ip": 90},
    "profile_edit": {"user": 30},
    "settings_told": {"user": 30},
    "stream_filter": {"user": 60},
    "welcome": {"user": 60},
    "welcome_profile": {"user": 30},
}
# A reset link works for an hour, so if a stranger uses up this limit, the owner has a valid link.
HOURLY_RATE_LIMITS = {"account_reset_password": {"email": 5}}
# Each of these sends mail to a person who may not have asked for it.
DAILY_RATE_LIMITS = {"account_signup": {"ip": 300}, "account_reset_password": {"ip": 300}}
# django-allauth's own limits count per Host, and refuse a request that waits for a lock too long.
ACCOUNT_RATE_LIMITS = False
