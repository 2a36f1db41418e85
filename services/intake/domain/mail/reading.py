"""One mail, from its bytes to what intake needs of it. Nothing in it is trusted and nothing makes it fail."""

import email
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import Message

from services.intake.domain.mail import headers
from services.intake.domain.mail.automatic import judge
from services.intake.domain.mail.charsets import decode
from services.intake.domain.mail.plain import html_to_text

RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "To", "Cc", "X-Forwarded-To")
DEEPEST = 20
LOST_BOUNDARY = re.compile(rb'^--([^\s"\\]{1,200})[ \t]*\r?\nContent-', re.MULTILINE | re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class NotAMail(ValueError):
    """The bytes have neither a header nor a body that could be one."""


@dataclass(frozen=True)
class Attachment:
    """A file in a mail. `inline` ones are shown in the text: photographs, but logos of signatures, too.

    `content_type` is what the sender claims.
    """

    name: str | None
    content_type: str
    content: bytes
    inline: bool


@dataclass(frozen=True, kw_only=True)
class Mail:
    """Ids carry their brackets; addresses are in lower case; `date` is UTC; text has plain line ends, NFC.

    `is_automatic` mail never opens a complaint; only mail that `may_be_answered` gets an answer; `why`
    names the reasons.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_address: str
    from_name: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    date: datetime | None
    is_automatic: bool
    may_be_answered: bool
    why: tuple[str, ...]


@dataclass(frozen=True)
class _Body:
    """What the parts of a mail come to."""

    texts: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()

    def __add__(self, other: "_Body") -> "_Body":
        return _Body(self.texts + other.texts, self.pages + other.pages, self.files + other.files)


def read_mail(raw: bytes, own_addresses: Collection[str] = ()) -> Mail:
    """The mail in `raw` (RFC 5322, MIME). `own_addresses` are the tenant's, which are never answered.

    Raises NotAMail only for what has no header at all.
    """
    try:
        message = email.message_from_bytes(raw, policy=policy.compat32)
    except RecursionError:
        raise NotAMail("its parts are nested too deeply") from None
    if not any(True for _ in message.raw_items()):
        raise NotAMail("it has no header")
    body = _body(message)
    html = "\n".join(body.pages) or None
    text = _clean("\n\n".join(filter(None, body.texts)) or html_to_text(html or ""))
    from_address, from_name = headers.sender(headers.raw_value(message, "From"))
    subject = headers.readable(headers.raw_value(message, "Subject"))
    verdict = judge(message, from_address, subject, own_addresses)
    return Mail(
        message_id=_message_id(message, from_address, subject, text),
        in_reply_to=headers.message_ids(headers.raw_values(message, "In-Reply-To")),
        references=headers.message_ids(headers.raw_values(message, "References")),
        from_address=from_address,
        from_name=from_name,
        to=headers.recipients(each for name in RECIPIENT_HEADERS for each in headers.raw_values(message, name)),
        subject=subject,
        text=text,
        html=html,
        attachments=body.files,
        date=headers.sent_at(headers.raw_value(message, "Date")),
        is_automatic=verdict.is_automatic,
        may_be_answered=verdict.may_be_answered,
        why=verdict.why,
    )


def _message_id(message: Message, from_address: str, subject: str, text: str) -> str:
    """The id in the header; without one, the digest of what makes this mail this mail."""
    ids = headers.message_ids(headers.raw_values(message, "Message-ID"))
    if ids:
        return ids[0]
    date = headers.readable(headers.raw_value(message, "Date"))
    digest = hashlib.sha256("\x00".join((date, from_address, subject, text)).encode("utf-8", "replace"))
    return f"<{digest.hexdigest()}@digest.invalid>"


def _body(part: Message, depth: int = 0) -> _Body:
    """A mail inside the mail stays a file: neither its subject nor its text is this sender's word."""
    kind = part.get_content_type()
    if kind.startswith("message/"):
        return _Body(files=(_nested(part, kind),)) if kind == "message/rfc822" else _Body()
    if part.get_content_maintype() == "multipart":
        return _multipart(part, kind, depth)
    if _is_file(part, kind):
        return _Body(files=(_file(part, kind),))
    text = _text(part)
    if not text.strip():
        return _Body()
    return _Body(pages=(text,)) if kind == "text/html" else _Body(texts=(_reflowed(part, text),))


def _multipart(part: Message, kind: str, depth: int) -> _Body:
    if depth >= DEEPEST:
        return _Body()
    bodies = [_body(each, depth + 1) for each in _parts(part)]
    merged = sum(bodies, _Body())
    if kind == "multipart/alternative" or not (merged.texts and merged.pages):
        return merged
    # Side by side, not as alternatives: what stands only in HTML has to become part of the text.
    texts = tuple(text for body in bodies for text in body.texts or tuple(html_to_text(page) for page in body.pages))
    return _Body(texts, merged.pages, merged.files)


def _parts(part: Message) -> Iterator[Message]:
    """The parts; when the header names a boundary the body does not have, those between the one it has."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (each for each in payload if isinstance(each, Message))
        return
    content = str(payload or "").encode("utf-8", errors="surrogateescape")
    boundary = LOST_BOUNDARY.search(content)
    head = b"Content-Type: text/plain\n\n"
    if boundary:
        head = b'Content-Type: multipart/mixed; boundary="' + boundary[1] + b'"\n\n'
    found = email.message_from_bytes(head + content, policy=policy.compat32)
    inner = found.get_payload()
    yield from (each for each in inner if isinstance(each, Message)) if isinstance(inner, list) else [found]


def _is_file(part: Message, kind: str) -> bool:
    disposition = headers.raw_value(part, "Content-Disposition").lower()
    if kind not in ("text/plain", "text/html", "text/enriched"):
        return True
    return disposition.startswith("attachment") or headers.file_name(part) is not None


def _file(part: Message, kind: str) -> Attachment:
    disposition = headers.raw_value(part, "Content-Disposition").lower()
    shown = bool(headers.raw_value(part, "Content-ID")) and kind.startswith("image/")
    inline = disposition.startswith("inline") or (shown and not disposition.startswith("attachment"))
    return Attachment(headers.file_name(part), kind, _content(part), inline)


def _nested(part: Message, kind: str) -> Attachment:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) else None
    try:
        content = inner.as_bytes(policy=policy.compat32) if isinstance(inner, Message) else _content(part)
    except (UnicodeError, KeyError, ValueError, RecursionError):
        content = b""
    return Attachment(headers.file_name(part) or "message.eml", kind, content, inline=False)


def _content(part: Message) -> bytes:
    encoding = headers.raw_value(part, "Content-Transfer-Encoding").lower()
    if encoding.startswith("base64"):
        return headers.unbase64(str(part.get_payload()).encode("utf-8", errors="surrogateescape"))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _text(part: Message) -> str:
    """The text of a part, by its charset or, in HTML without one, by the page's own word for it."""
    content = _content(part)
    charset = headers.charset(part)
    if not charset and part.get_content_type() == "text/html":
        declared = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{1,40})", content[:4000], re.IGNORECASE)
        charset = declared[1].decode("ascii", "replace") if declared else None
    return decode(content, charset)


def _reflowed(part: Message, text: str) -> str:
    """RFC 3676: lines that end in a space go on in the next one."""
    parameters = headers.raw_value(part, "Content-Type").lower()
    if "format=flowed" not in parameters.replace('"', "").replace(" ", ""):
        return text
    joint = "" if "delsp=yes" in parameters.replace('"', "").replace(" ", "") else " "
    paragraphs = [""]
    for line in text.replace("\r\n", "\n").split("\n"):
        unstuffed = line[1:] if line.startswith(" ") else line
        flows = unstuffed.endswith(" ") and unstuffed != "-- " and not unstuffed.startswith(">")
        paragraphs[-1] += unstuffed.rstrip(" ") + joint if flows else unstuffed
        if not flows:
            paragraphs.append("")
    return "\n".join(paragraphs)


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", CONTROL.sub("", lines)).strip()
