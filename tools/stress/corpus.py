"""The building blocks of hostile requests."""

from testing.long_texts import COSTLY_TEXTS

METHODS = ["GET"] * 10 + ["POST"] * 10 + "HEAD PUT PATCH DELETE OPTIONS TRACE PROPFIND get".split()
# Texts that break decoders, parsers, databases, templates, paths and numbers.
TEXTS = [
    "",
    " ",
    "a",
    "0",
    "-1",
    "1e999",
    "NaN",
    "９",
    str(2**31),
    str(2**63),
    str(-(2**63) - 1),
    "9" * 5000,
    "\0",
    "a\0b",
    "\x7f\x1b[0m",
    "\r\nX-Injected: 1",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\ufffe\u202e\u200d",
    "é" * 500,
    "𝔘𝔫𝔦" * 100,
    "ß" * 151,
    "'",
    '"',
    "'; DROP TABLE auth_user; --",
    "%",
    "%00",
    "%s%n%d",
    "{{ 7*7 }}",
    "{% debug %}",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,x",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "/etc/passwd\0.png",
    "//e",
    "/\\e",
    "http://[::1",
    "http://127.0.0.1:1/",
    "http://[::ffff:127.0.0.1]/",
    "http://0x7f.1/",
    "https://user:pass@[fe80::1%25lo]/",
    "http://a..b/",
    "http://" + "a" * 300 + ".invalid/",
    "file:///etc/passwd",
    "2026-02-30",
    "0000-00-00",
    "a" * 100_000,
    "[]",
    "{}",
    "null",
    "true",
    "on",
    "like",
    "unlike",
    "follow",
    "unfollow",
    "_save",
    "delete_selected",
    "9999-12-31T23:59:59.999999Z_9223372036854775807",
    "2026-01-01T00:00:00Z_1",
]
NAMES = (
    "action before after next url title description image photo choice preview q p o e "
    "username email login password password1 password2 oldpassword language first_name last_name "
    "date_of_birth photo-clear remember user is_active_exact _popup _to_field _selected_action "
    "index select_across app_label model_name field_name term all created__gte slug"
).split()
HEADERS = (
    "HX-Request HX-Boosted HX-Target HX-Trigger HX-Current-URL HX-History-Restore-Request "
    "HX-Current-URL-URI-AutoEncoded HX-Prompt Accept Accept-Encoding Accept-Language Referer "
    "Origin Range If-None-Match If-Modified-Since X-Forwarded-For X-Forwarded-Proto "
    "X-Forwarded-Host X-Request-ID X-HTTP-Method-Override User-Agent Authorization Cookie "
    "Content-Encoding Expect Forwarded Sec-Fetch-Site"
).split()
TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=latin-1",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data; boundary=limit",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data",
    "multipart/form-data; boundary*=foo''x",
    "text/html; charset*=undefined''%ff",
    "text/plain; charset=" + "q" * 20_000,
    "application/json",
    "text/plain",
    "\xff/\xff",
]
FILES = [
    b"",
    b"GIF89a",
    b"\x89PNG\r\n\x1a\n" + bytes(50),
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"\xff\xd8\xff\xe0" + bytes(200),
    b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30),
]
CORPUS = {
    "methods": set(METHODS),
    "texts": TEXTS,
    "long texts": COSTLY_TEXTS,
    "fields": NAMES,
    "headers": HEADERS,
    "types of bodies": TYPES,
    "files": FILES,
}
