"""The security headers of every response over https."""

from collections.abc import Callable, Mapping

from urllib3 import BaseHTTPResponse

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


def check_upload(send: Callable[..., BaseHTTPResponse], url: str) -> None:
    """Check how a proxy answers for an uploaded file."""
    response = send(url, headers={"Origin": "https://magpie.example"})
    assert response.status == 200
    assert response.headers["Content-Type"] in {"image/jpeg", "image/png", "image/webp"}
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    check_headers(response.headers, POLICY_OF_UPLOADS)
    # Magpie names each of its responses.
    assert not {"X-Request-ID", "ETag", "Last-Modified"} & {*response.headers}
    assert send(url, "HEAD").headers["Content-Length"] == str(len(response.data))
    part = send(url, headers={"Range": "bytes=0-9"})
    assert (part.status, part.data) == (206, response.data[:10])
