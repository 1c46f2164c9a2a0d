"""What every answer tells the browser, where the site is served by https."""

from collections.abc import Mapping

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# Uploads are nothing but pictures.
POLICY_OF_UPLOADS = {"default-src 'none'", "sandbox"}
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check_headers(headers: Mapping[str, str], policy: set[str] = POLICY) -> None:
    """Hold one answer to all that browsers have to be told."""
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    directives = set(headers["Content-Security-Policy"].split("; "))
    assert policy <= directives
    assert directives - policy <= {"img-src 'self'", "img-src 'self' data:"}
    assert "Access-Control-Allow-Origin" not in headers
    if headers.get("Content-Type", "").startswith("text/html"):
        permissions = headers["Permissions-Policy"].split(", ")
        assert all(permission.endswith("=()") for permission in permissions)
        assert {"camera=()", "geolocation=()", "microphone=()", "payment=()"} <= set(permissions)
