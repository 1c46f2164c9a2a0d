"""The security headers of every response over https."""

from collections.abc import Mapping

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# Uploaded files are images, which may load nothing.
POLICY_OF_UPLOADS = {"default-src 'none'", "sandbox"}
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check_headers(headers: Mapping[str, str], policy: set[str] = POLICY) -> None:
    """Check that a response has all security headers."""
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    directives = set(headers["Content-Security-Policy"].split("; "))
    assert policy <= directives
    assert directives - policy <= {"img-src 'self'", "img-src 'self' data:"}
    assert "Access-Control-Allow-Origin" not in headers
    if headers.get("Content-Type", "").startswith("text/html"):
        permissions = headers["Permissions-Policy"].split(", ")
        assert all(permission.endswith("=()") for permission in permissions)
        assert {"camera=()", "geolocation=()", "microphone=()", "payment=()"} <= set(permissions)
