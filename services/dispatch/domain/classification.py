"""What a complaint is taken for, from its words (IN-6, IN-7). A suggestion: a person's correction wins."""

from dataclasses import dataclass

from libs.common.procedure.conditions import Localised
from libs.common.procedure.document import DISREGARDED, Category, Procedure, Urgency, in_language
from libs.common.procedure.vocabulary import CHANNEL_NAMES
from libs.common.procedure.words import WordList, plain


@dataclass(frozen=True)
class Suggestion:
    """`confidence` is about the category, 0.0 (nothing told) to 1.0; `reasons` say why, for people."""

    category: str
    urgency: str
    confidence: float
    reasons: tuple[Localised, ...]


@dataclass(frozen=True)
class Hits:
    """The words of one category or urgency that the text mentions, in the order they first stand there."""

    of: str
    words: tuple[str, ...]
    first_at: int


def suggest(procedure: Procedure, text: str, channel: str, given: str | None = None) -> Suggestion:
    """The category and urgency the Procedure's own words point to; always an answer, always the same one.

    `given` is the category a person chose; one the Procedure has is not questioned.

    A word inside a longer one does not count, nor one inside a phrase the Procedure disregards: “not urgent”
    is not “urgent”, “no fire” is not “fire”.
    """
    compared = plain(text)
    chosen = procedure.category(given)
    category, confidence, why_category = (
        (chosen, 1.0, _as_given(chosen)) if chosen else _category(procedure, compared, channel)
    )
    urgency, why_urgency = _urgency(procedure, compared, category)
    return Suggestion(category.id, urgency.id, confidence, (why_category, why_urgency))


def _category(procedure: Procedure, compared: str, channel: str) -> tuple[Category, float, Localised]:
    """Most of its words in the text; if several have as many, the one mentioned first."""
    hits = _hits(procedure.category_words, compared)
    if hits:
        best = min(hits, key=lambda hit: (-len(hit.words), hit.first_at))
        category = next(category for category in procedure.categories if category.id == best.of)
        return category, _confidence(best, hits), _because_of_words(category, best)
    for category in procedure.categories:
        if channel in category.channels:
            return category, 0.0, _because_of_channel(category, channel)
    default = procedure.category(procedure.intake.default_category) or procedure.categories[0]
    return default, 0.0, _as_default(default)


def _urgency(procedure: Procedure, compared: str, category: Category) -> tuple[Urgency, Localised]:
    """The most urgent class with a word in the text: calm wording does not make a danger less."""
    hits = {hit.of: hit for hit in _hits(procedure.urgency_words, compared)}
    for urgency in procedure.urgencies:
        if urgency.id in hits:
            return urgency, _because_of_words(urgency, hits[urgency.id])
    usual = procedure.urgency(category.urgency)
    if usual is not None:
        return usual, _as_usual(usual, category)
    default = procedure.urgency(procedure.intake.default_urgency) or procedure.urgencies[0]
    return default, _as_default(default)


def _hits(words: WordList, compared: str) -> list[Hits]:
    """What the text mentions of each class, classes without any left out."""
    counted: dict[str, dict[str, int]] = {}
    for start, _, word, of in sorted(_outermost(words.found_in(compared))):
        counted.setdefault(of, {}).setdefault(word, start)
    counted.pop(DISREGARDED, None)
    return [Hits(of, tuple(found), min(found.values())) for of, found in counted.items()]


def _outermost(found: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """Those not inside a longer one."""
    kept: list[tuple[int, int, str, str]] = []
    reached, widest = -1, 0
    for hit in sorted(found, key=lambda hit: (hit[0], -hit[1])):
        start, end = hit[:2]
        if end > reached:
            reached, widest = end, end - start
            kept.append(hit)
        elif end == reached and end - start == widest:
            kept.append(hit)  # the same words, of another class
    return kept


def _confidence(best: Hits, hits: list[Hits]) -> float:
    """The share of the words that speak for the best, less when there are few of them: 0.5, 0.75, 0.88 …"""
    share = len(best.words) / sum(len(hit.words) for hit in hits)
    return round(share * float(1 - 0.5 ** len(best.words)), 2)


def _because_of_words(named: Category | Urgency, hits: Hits) -> Localised:
    quoted = [f"“{word}”" for word in hits.words[:5]]
    return {
        "zh-Hans": f"{in_language(named.name, 'zh-Hans')}：提到{'、'.join(quoted)}",
        "en": f"{in_language(named.name, 'en')}: mentions {', '.join(quoted)}",
    }


def _because_of_channel(category: Category, channel: str) -> Localised:
    came_by = CHANNEL_NAMES[channel]
    return {
        "zh-Hans": f"{in_language(category.name, 'zh-Hans')}：来自{came_by['zh-Hans']}",
        "en": f"{in_language(category.name, 'en')}: came by {came_by['en']}",
    }


def _as_given(category: Category) -> Localised:
    return {
        "zh-Hans": f"{in_language(category.name, 'zh-Hans')}：登记时已选定",
        "en": f"{in_language(category.name, 'en')}: chosen at registration",
    }


def _as_usual(urgency: Urgency, category: Category) -> Localised:
    return {
        "zh-Hans": f"{in_language(urgency.name, 'zh-Hans')}：{in_language(category.name, 'zh-Hans')}通常如此",
        "en": f"{in_language(urgency.name, 'en')}: usual for {in_language(category.name, 'en')}",
    }


def _as_default(named: Category | Urgency) -> Localised:
    return {
        "zh-Hans": f"{in_language(named.name, 'zh-Hans')}：文字未能判断，按默认",
        "en": f"{in_language(named.name, 'en')}: the words do not tell, so the default",
    }
