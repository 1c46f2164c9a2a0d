"""The error message for an address that Magpie refuses to fetch."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from images import sanitize
from images.fetching import addresses, causes
from images.fetching.fetch import fetch
from imaging import jobs
from web import addresses as web_addresses

# All messages that these modules define. Some contain an HTTP status.
DEFINED = [
    value
    for module in (addresses, web_addresses, sanitize, causes)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, Promise)
]
MESSAGES = [
    re.compile(re.sub(r"%\\\(\w+\\\)s", r"\\d+", re.escape(str(value))))
    for value in (*DEFINED, *jobs.MESSAGES.values())
]


def refusal(url: str, seconds: float = 10) -> Any:
    with pytest.raises(ValidationError) as caught:
        fetch(url, seconds)
    [message] = caught.value.messages
    assert any(known.fullmatch(message) for known in MESSAGES)
    return message
