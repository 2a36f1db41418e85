"""A file that was sent: the same for guests and staff."""

from flask import request

from services.intake.domain.complaint import NotAcceptable
from services.intake.handlers.evidence import LARGEST


def sent_file() -> tuple[str, bytes]:
    """Name and content of the multipart field `file`. Raises NotAcceptable when there is none; 413 when too large."""
    request.max_content_length = LARGEST + 100_000
    file = request.files.get("file")
    if file is None:
        raise NotAcceptable([{"detail": "Send the file as multipart field `file`.", "pointer": "#/file"}])
    return file.filename or "file", file.read()
