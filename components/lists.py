"""What the templates of lists have in common."""

from typing import Any, NamedTuple

from django.http import HttpRequest


def list_data(kwargs: NamedTuple, **variables: Any) -> dict[str, Any]:
    """Return the variables of a list's template: its arguments, the request's, and these."""
    data = kwargs._asdict()
    request: HttpRequest = data.pop("request")
    return data | {
        "is_answer": False,
        "next": request.get_full_path(),
        "path": request.path,
        "request_query": request.GET,
        **variables,
    }
