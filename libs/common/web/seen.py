"""Edits that must not write over what somebody else changed since it was read (RFC 9110, `If-Match`)."""

from flask import Response, request


def version_seen(changed: type[Exception]) -> int | None:
    """The version named in `If-Match`; None when the header is absent or `*`. Raises `changed` for none of ours."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    tags = request.if_match.as_set()
    if len(tags) != 1 or not (tag := tags.pop()).isdecimal():
        raise changed
    return int(tag)


def tagged(response: Response) -> Response:
    """With the `revision` that its body names as the ETag."""
    response.set_etag(str(response.get_json()["revision"]))
    return response
