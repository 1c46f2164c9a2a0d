"""A local web server with the images and pages that tests save from."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from testing.image_files import image_file

STRICT = "default-src 'none'; img-src * data:; style-src 'unsafe-inline'"
PAGE = """<!doctype html>
<title>A page about birds</title>
<meta property="og:image" content="/bird.jpg">
<img src="/icon.png" alt=""><img src="/nest.png" width="600" height="400" alt="">"""
RESPONSES = {
    "/photo?id=3": ("text/plain", image_file("teal", (300, 200))),
    "/bird.jpg": ("image/jpeg", image_file("crimson", (800, 600))),
    "/nest.png": ("image/png", image_file("olive", (600, 400), "PNG")),
    "/icon.png": ("image/png", image_file("black", (16, 16), "PNG")),
    "/page": ("text/html", PAGE.encode()),
    "/strict": ("text/html", PAGE.encode()),
    "/bare": ("text/html", b"<!doctype html><title>Nothing to see</title>"),
    "/text": ("image/png", b"This is not an image"),
    "/favicon.ico": ("image/png", image_file("black", (16, 16), "PNG")),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/bird.jpg?signed=for-a-moment")
            self.end_headers()
            return
        kind, body = RESPONSES.get(self.path.partition("?signed")[0], ("text/plain", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/strict":
            self.send_header("Content-Security-Policy", STRICT)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def web_server(port: int = 0) -> Iterator[str]:
    """Serve `RESPONSES` on this port, or on a free one, and yield the address of the server."""
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        Thread(target=server.serve_forever, args=[0.05]).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
