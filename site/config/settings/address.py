"""The address of the site, and the host names that it answers to."""

from urllib.parse import urlsplit

from django.http.request import split_domain_port

from config.settings.environment import text, words, wrong


def site_url() -> str:
    """Return the site's address without a slash at its end."""
    value = text("SITE_URL", "http://127.0.0.1:8000").removesuffix("/")
    expected = "the address of the site without a path, such as https://magpie.example"
    try:
        parts = urlsplit(value)
        is_right = parts.scheme in {"http", "https"} and parts.port != 0
    except ValueError as error:
        raise wrong("SITE_URL", expected, value) from error
    if parts.hostname and not parts.hostname.isascii():
        raise wrong("SITE_URL", "an address in ASCII, such as https://xn--bcher-kva.example", value)
    is_bare = not (parts.path or parts.query or parts.fragment)
    if not (is_right and is_bare and split_domain_port(parts.netloc.lower())[0]):
        raise wrong("SITE_URL", expected, value)
    return value


def other_hosts() -> list[str]:
    hosts = words("ALLOWED_HOSTS")
    for host in hosts:
        domain, port = split_domain_port(host.lower().removeprefix("."))
        if host != "*" and (not domain or port):
            raise wrong("ALLOWED_HOSTS", "host names without scheme and port", host)
    return hosts


SITE_URL = site_url()
HTTPS = urlsplit(SITE_URL).scheme == "https"
SITE_HOST = urlsplit(SITE_URL).hostname or ""
OTHER_HOSTS = other_hosts()
# With https in SITE_URL, `web.hosts` allows fewer.
ALLOWED_HOSTS = [f"[{SITE_HOST}]" if ":" in SITE_HOST else SITE_HOST, *OTHER_HOSTS]
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += LOCAL_HOSTS
