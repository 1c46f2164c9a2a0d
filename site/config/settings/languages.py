"""The languages that the site offers, and the time zone."""

from django.utils.translation import get_language_info

from config.settings.address import HTTPS
from config.settings.base import BASE_DIR
from config.settings.environment import words, wrong


def languages() -> list[tuple[str, str]]:
    """Return the code and the name of each language."""
    found = {}
    for code in words("LANGUAGES", ["en", "de"]):
        try:
            found[code] = get_language_info(code)["name_local"]
        except KeyError as error:
            raise wrong("LANGUAGES", "codes of languages, such as en,de", code) from error
    if not found:
        raise wrong("LANGUAGES", "codes of languages, such as en,de")
    return list(found.items())


LANGUAGES = languages()
# People whose browser asks for none of the languages get the first.
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "config.formats"
