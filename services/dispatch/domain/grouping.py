"""A case turned out to be one of many about one thing (IN-8): the reason in words."""

from dataclasses import dataclass
from datetime import datetime

from libs.common.procedure.conditions import Localised
from libs.common.procedure.document import Procedure, in_language


@dataclass(frozen=True)
class Event:
    """So many complaints by so many people about one thing at one place, since then; `place` None: not named."""

    complaints: int
    complainants: int
    category: str
    place: str | None
    since: datetime


def why_grouped(event: Event, procedure: Procedure) -> Localised:
    """How many, about what, where, since when; `since` is told in the zone that it has."""
    category = procedure.category(event.category)

    def about(language: str) -> str:
        return in_language(category.name, language) if category else event.category

    since, many, people = f"{event.since:%Y-%m-%d %H:%M}", event.complaints, event.complainants
    where = {"zh-Hans": event.place or "同一处", "en": event.place or "one place"}
    zh = f"群体投诉：{since}起，{where['zh-Hans']}已有{people}人提出{many}件“{about('zh-Hans')}”投诉"
    en = f"group event: since {since}, {people} people made {many} complaints about “{about('en')}” at {where['en']}"
    return {"zh-Hans": zh, "en": en}
