"""Which language a page speaks, and how a text given in several languages is read."""

from collections.abc import Iterable, Mapping
from typing import Any

ENGLISH = "en"
SIMPLIFIED = "zh-Hans"
LANGUAGES = (SIMPLIFIED, ENGLISH)


def spoken(tag: str | None) -> str | None:
    """The screen language nearest to a language tag; every Chinese one, traditional too, reads `zh-Hans`.
    None when there is none near."""
    main = (tag or "").replace("_", "-").lower().split("-")[0]
    return {"zh": SIMPLIFIED, "yue": SIMPLIFIED, "en": ENGLISH}.get(main)


def choose(wishes: Iterable[str | None]) -> str:
    """The first wish that can be met, else simplified Chinese."""
    return next(filter(None, map(spoken, wishes)), SIMPLIFIED)


def in_language(text: Any, language: str) -> str:
    """A text that may be plain or `{language: text}`; falls back to the other languages, then to ''."""
    if not isinstance(text, Mapping):
        return "" if text is None else str(text)
    order = (language, *LANGUAGES, *text)
    return next((str(text[name]) for name in order if text.get(name)), "")


def named(items: Any, language: str) -> dict[str, str]:
    """Names by id, from a list of `{id, name}` or a mapping of id to `{name}` or name."""
    if isinstance(items, Mapping):
        items = [
            {"id": key, **value} if isinstance(value, Mapping) else {"id": key, "name": value}
            for key, value in items.items()
        ]
    return {
        str(item["id"]): in_language(item.get("name"), language) or str(item["id"])
        for item in items or ()
        if isinstance(item, Mapping) and "id" in item
    }


def written_in(browser: Iterable[str], page: str) -> str:
    """The language to answer a guest in: the page's, or `zh-Hant` for who reads traditional Chinese."""
    first = next(iter(browser), "").replace("_", "-").lower()
    traditional = first.startswith("zh") and {"hant", "tw", "hk", "mo"} & set(first.split("-"))
    return "zh-Hant" if page == SIMPLIFIED and traditional and "hans" not in first else page
