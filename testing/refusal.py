"""The error message for an address that Magpie refuses to fetch."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from images import sanitize
from images.fetching import addresses
from images.fetching import fetch as fetching
from images.fetching.fetch import fetch

# All messages that these modules define. Some contain an HTTP status.
MESSAGES = [
    re.compile(re.sub(r"%\\\(\w+\\\)s", r"\\d+", re.escape(str(value))))
    for module in (addresses, sanitize, fetching)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, Promise)
]


def refusal(url: str, seconds: float = 10) -> Any:
    with pytest.raises(ValidationError) as caught:
        fetch(url, seconds)
    [message] = caught.value.messages
    assert any(known.fullmatch(message) for known in MESSAGES)
    return message
