"""What a guest wrote on a platform, freed of the platform's markup."""

import html
import re
import unicodedata

LINE_BREAKING = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)
# Only tags that platforms use, and only whole ones: "a <b and c> d" or "<3" is what the guest wrote.
TAG = re.compile(
    r"</?(?:p|br|div|span|b|i|u|s|em|strong|small|a|ul|ol|li|font|img|h[1-6]|table|tbody|tr|td|th|blockquote)"
    r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>",
    re.IGNORECASE,
)
TRANSLATED = "(Translated by Google)"
ORIGINAL = "(Original)"


def plain_text(text: str, platform: str) -> str:
    """Tags dropped, line-breaking ones turned into line breaks, entities decoded once, NFC, trimmed.

    Of a review that Google translated only the original is kept.
    """
    without_tags = TAG.sub("", LINE_BREAKING.sub("\n", text.replace("\x00", "")))
    decoded = html.unescape(without_tags)
    lines = decoded.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    plain = unicodedata.normalize("NFC", lines).strip()
    return _original(plain) if platform == "google" else plain


def joined_halves(negative: str | None, positive: str | None, platform: str) -> str:
    """A review in two halves as one text: what was bad comes first."""
    halves = (plain_text(half or "", platform) for half in (negative, positive))
    return "\n".join(filter(None, halves))


def _original(text: str) -> str:
    """The part after `(Original)`, up to a translation that may follow it."""
    if TRANSLATED not in text:
        return text
    if ORIGINAL in text:
        return text.partition(ORIGINAL)[2].partition(TRANSLATED)[0].strip()
    before = text.partition(TRANSLATED)[0].strip()
    return before or text.replace(TRANSLATED, "").strip()
