"""Does a text mention a word? One rule for Chinese, which has no spaces, and for scripts that have them."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=64)  # one rule after the other asks about the same text
def plain(text: str) -> str:
    """The text as it is compared: full-width and half-width forms, case and runs of spaces made alike."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=64)
def closed_up(text: str) -> str:
    """The text as `plain` makes it, without spaces beside Chinese: `3 号楼` and `3号楼` are one."""
    compared = plain(text)
    return "".join(
        character
        for at, character in enumerate(compared)
        if character != " " or not (_is_han_or_kana(compared[at - 1]) or _is_han_or_kana(compared[at + 1]))
    )


@lru_cache(maxsize=20_000)
def plain_word(word: str) -> str:
    """`plain`, remembered: the words of a Procedure are looked for in every complaint."""
    return plain(word)


def places_of(word: str, plain_text: str) -> list[tuple[int, int]]:
    """Where `word` stands in a text that went through `plain`, as (start, end) without overlap.

    Chinese matches anywhere; at an end written in letters or digits the word must end there too, so that
    `fire` is not found in `fired` nor `A1` in `A10`.
    """
    sought = plain_word(word)
    found: list[tuple[int, int]] = []
    start = plain_text.find(sought) if sought else -1
    while start >= 0:
        end = start + len(sought)
        whole = not _joined(plain_text, start) and not _joined(plain_text, end)
        if whole:
            found.append((start, end))
        start = plain_text.find(sought, end if whole else start + 1)
    return found


class WordList:
    """Many words that are looked for together, each on behalf of something: made once, asked for every text."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """Pairs of a word and what it speaks for."""
        self._words = tuple((plain_word(word), word, of) for word, of in words if plain_word(word))

    def found_in(self, plain_text: str) -> list[tuple[int, int, str, str]]:
        """Where each stands in a text that went through `plain`, as (start, end, word, what it speaks for)."""
        present = [(word, of) for sought, word, of in self._words if sought in plain_text]
        return [(start, end, word, of) for word, of in present for start, end in places_of(word, plain_text)]


def mentions(word: str, plain_text: str) -> bool:
    """Whether `word` stands somewhere in a text that went through `plain`."""
    return bool(places_of(word, plain_text))


def storable(text: str) -> bool:
    """Whether every database and JSON reader takes the text: no control characters, no lone surrogates."""
    return not any(
        (character < " " and character not in "\n\t\r") or "\ud800" <= character <= "\udfff" for character in text
    )


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of position `at` belong to one word."""
    return 0 < at < len(text) and _spaced(text[at - 1]) and _spaced(text[at])


def _spaced(character: str) -> bool:
    """Whether the character belongs to a script that puts spaces between words."""
    return character.isalnum() and not _is_han_or_kana(character)


def _is_han_or_kana(character: str) -> bool:
    code = ord(character)
    return 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000
