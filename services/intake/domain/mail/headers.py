"""Mail headers as people meant them: encoded words, raw bytes, file names, addresses and ids."""

import binascii
import hashlib
import quopri
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.utils import decode_rfc2231, parsedate_to_datetime
from itertools import takewhile
from urllib.parse import unquote_to_bytes

from services.intake.domain.mail.charsets import decode

LONGEST_HEADER = 20_000
LONGEST_ID = 250
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]{1,128}@[^\s<>,;:\"()@]{1,254}")
PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))')
BASE64_NOISE = re.compile(rb"[^A-Za-z0-9+/]")


def raw_values(message: Message, name: str) -> list[str]:
    """All values of a header, unfolded; bytes that are not ASCII are kept as surrogates."""
    wanted = name.lower()
    return [
        re.sub(r"\r?\n[ \t]?|\r", " ", str(value)[:LONGEST_HEADER]).strip()
        for key, value in message.raw_items()
        if key.lower() == wanted
    ]


def raw_value(message: Message, name: str) -> str:
    """The first value of a header; empty when there is none."""
    return next(iter(raw_values(message, name)), "")


def readable(raw: str) -> str:
    """A header value as text on one line: encoded words (RFC 2047) decoded, even when a character is split
    between two of them, and raw bytes guessed."""
    pieces: list[tuple[str | None, bytes]] = []
    done = 0
    for word in ENCODED_WORD.finditer(raw):
        between = raw[done : word.start()]
        if between.strip() or not (pieces and pieces[-1][0]):
            pieces.append((None, _bytes(between)))
        charset = word[1].partition("*")[0].lower()
        payload = _word_bytes(word[2], word[3])
        if pieces[-1][0] == charset:
            pieces[-1] = (charset, pieces[-1][1] + payload)
        else:
            pieces.append((charset, payload))
        done = word.end()
    pieces.append((None, _bytes(raw[done:])))
    return _one_line("".join(decode(payload, charset) for charset, payload in pieces if payload))


def unbase64(raw: bytes) -> bytes:
    """What base64 means although padding is missing or a footer of plain words follows it."""
    lines = takewhile(lambda line: b" " not in line.strip(), raw.partition(b"=")[0].splitlines())
    kept = BASE64_NOISE.sub(b"", b"".join(lines))
    usable = kept[:-1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


def file_name(part: Message) -> str | None:
    """The name a part was sent under: RFC 2231 in pieces, percent encoded in any charset, or, as many
    clients do against the rules, as encoded words in quotes. None when it has none."""
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        parameters = _parameters(raw_value(part, header))
        extended = "".join(parameters[f"{key}*{n}"] for n in range(100) if f"{key}*{n}" in parameters)
        for value, percent in ((parameters.get(f"{key}*"), True), (extended, "'" in extended)):
            if value:
                return _rfc2231(value) if percent else readable(value)
        if parameters.get(key):
            return readable(parameters[key])
    return None


def charset(part: Message) -> str | None:
    """The character set a part claims, as it is written there; None when it claims none."""
    parameters = _parameters(raw_value(part, "Content-Type"))
    return parameters.get("charset") or parameters.get("charset*", "").rpartition("'")[2] or None


def sender(raw: str) -> tuple[str, str]:
    """Address (lower case) and name of a `From`; both empty when there is no address.

    The name is never taken for the address, whatever it looks like.
    """
    bare = QUOTED.sub(" ", raw)
    in_brackets = [each for each in re.findall(r"<([^<>]*)>", bare) if ADDRESS.fullmatch(each.strip())]
    found = in_brackets[0].strip() if in_brackets else next(iter(ADDRESS.findall(bare)), "")
    name = raw.partition("<")[0] if in_brackets and not raw.lstrip().startswith('"') else ""
    quoted = re.match(r'\s*"((?:[^"\\]|\\.)*)"', raw)
    if quoted:
        name = re.sub(r"\\(.)", r"\1", quoted[1])
    return readable(found).lower(), readable(name)


def recipients(values: Iterable[str]) -> tuple[str, ...]:
    """The addresses in header values, lower case, each once."""
    found = (each for value in values for each in ADDRESS.findall(QUOTED.sub(" ", value)))
    return tuple(dict.fromkeys(readable(each).lower() for each in found))


def message_ids(values: Iterable[str]) -> tuple[str, ...]:
    """The ids in header values, in order, each with its brackets; over-long ones by their digest."""
    found = (each for value in values for each in MESSAGE_ID.findall(value))
    return tuple(dict.fromkeys(_message_id(each) for each in found))


def sent_at(raw: str) -> datetime | None:
    """The time in a `Date` header as UTC; None when it cannot be read."""
    try:
        moment = parsedate_to_datetime(raw)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _message_id(inner: str) -> str:
    ascii_id = _bytes(inner)
    if len(ascii_id) > LONGEST_ID or not ascii_id.isascii():
        return f"<{hashlib.sha256(ascii_id).hexdigest()}@digest.invalid>"
    return f"<{inner}>"


def _word_bytes(encoding: str, payload: str) -> bytes:
    if encoding in "bB":
        return unbase64(_bytes(payload))
    return quopri.decodestring(_bytes(payload), header=True)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogateescape")


def _parameters(header: str) -> dict[str, str]:
    """The parameters of a header by name in lower case, unquoted; `name*0*` as `name*0`. The first counts."""
    found: dict[str, str] = {}
    for name, quoted, bare in PARAMETER.findall(header):
        key = re.sub(r"(\*\d+)\*$", r"\1", name.lower())
        found.setdefault(key, re.sub(r'\\(["\\])', r"\1", quoted) or bare.strip())
    return found


def _rfc2231(value: str) -> str:
    charset, _, text = decode_rfc2231(value)
    return _one_line(decode(unquote_to_bytes(_bytes(text)), charset))


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
