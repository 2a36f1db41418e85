"""Reviews and messages from booking platforms, read into one record (IN-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from services.intake.domain.fields import Fields, NotReadable
from services.intake.domain.language import detect_language, language_tag
from services.intake.domain.platform_text import joined_halves, plain_text

__all__ = ["NotReadable", "OtaItem", "UnknownPlatform", "read_booking_reviews", "read_envelope"]

BEIJING = ZoneInfo("Asia/Shanghai")
KINDS = ("review", "message", "complaint")

# The highest rating of each platform; None where the platform has to say so itself.
PLATFORMS: Mapping[str, int | None] = MappingProxyType(
    {
        "booking": 10,
        "agoda": 10,
        "expedia": 5,
        "airbnb": 5,
        "tripadvisor": 5,
        "google": 5,
        "fliggy": 5,
        "meituan": 5,
        "dianping": 50,
        "trip": None,
        "ctrip": None,
        "taobao": None,
        "aggregator": None,
    }
)
WRITES_BEIJING_TIME = frozenset(("ctrip", "meituan", "dianping", "fliggy", "taobao"))
RATING_WORDS: Mapping[str, float] = MappingProxyType(
    {"good": 10.0, "neutral": 5.0, "bad": 0.0, "好评": 10.0, "中评": 5.0, "差评": 0.0}
)
SENDERS: Mapping[str, str] = MappingProxyType(
    {
        "guest": "guest",
        "customer": "guest",
        "property": "property",
        "hotel": "property",
        "host": "property",
        "supplier": "property",
        "platform": "platform",
        "system": "platform",
    }
)


class UnknownPlatform(Exception):
    """No platform of that name is known."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No platform is called {name[:40]}; known are {', '.join(PLATFORMS)}.")


@dataclass(frozen=True, kw_only=True)
class OtaItem:
    """A review or message as the product knows it. Times are aware UTC; `rating_10` is out of ten.

    `revision_at` is the last change: a later one under the same `dedup_key` updates, an equal one is a copy.
    """

    source: str
    kind: str
    external_id: str
    revision_at: datetime | None
    property_ref: str | None
    reservation_ref: str | None
    room_ref: str | None
    author_name: str | None
    author_country: str | None
    rating_raw: float | str | None
    rating_scale: tuple[float, float] | None
    rating_10: float | None
    title: str
    body: str
    language: str
    occurred_at: datetime | None
    occurred_precision: str | None  # second | day
    check_in: date | None
    check_out: date | None
    sender_role: str  # guest | property | platform
    reply_text: str | None
    attachments: tuple[str, ...]  # addresses of pictures at the platform

    @property
    def dedup_key(self) -> str:
        """The same for every copy and revision of one item."""
        return f"{self.source}:{self.kind}:{self.external_id}"

    @property
    def words(self) -> str:
        """Title and body; empty for a review that is only a rating."""
        return "\n".join(filter(None, (self.title, self.body)))

    @property
    def may_open_a_complaint(self) -> bool:
        """A guest said something. What the property or the platform itself writes never opens a complaint."""
        return self.sender_role == "guest" and bool(self.words)


def read_envelope(platform: str, body: Mapping[str, Any], zone: tzinfo = UTC) -> OtaItem:
    """One item in the generic envelope. `zone` is the property's, for times and dates without an offset.

    Raises UnknownPlatform and NotReadable.
    """
    if platform not in PLATFORMS:
        raise UnknownPlatform(platform)
    fields = Fields(body)
    if (fields.text("platform") or platform) != platform:
        raise NotReadable("platform", f"this door is for {platform}")
    assumed = BEIJING if platform in WRITES_BEIJING_TIME else UTC if platform == "booking" else zone
    occurred_at, precision = fields.moment("created_at", assumed, zone)
    title, text = (plain_text(fields.text(name) or "", platform) for name in ("title", "text"))
    rating_raw, scale, rating_10 = _rating(platform, fields)
    return OtaItem(
        source=platform,
        kind=fields.one_of("kind", KINDS),
        external_id=fields.identifier("id"),
        revision_at=fields.moment("updated_at", assumed, zone)[0] or occurred_at,
        property_ref=fields.reference("property_id"),
        reservation_ref=fields.reference("reservation_id"),
        room_ref=fields.reference("room"),
        author_name=fields.text("guest_name"),
        author_country=None,
        rating_raw=rating_raw,
        rating_scale=scale,
        rating_10=rating_10,
        title=title,
        body=text,
        language=language_tag(fields.text("lang")) or detect_language(f"{title}\n{text}"),
        occurred_at=occurred_at,
        occurred_precision=precision,
        check_in=fields.day("check_in"),
        check_out=fields.day("check_out"),
        sender_role=SENDERS[fields.one_of("from", tuple(SENDERS), default="guest")],
        reply_text=None,
        attachments=fields.texts("images"),
    )


def read_booking_reviews(body: Mapping[str, Any]) -> list[OtaItem]:
    """The reviews of one page of Booking.com's Guest Review API, whose times are UTC.

    A review may lack all but its id. Raises NotReadable with the path of the field.
    """
    reviews = Fields(body).part("data").items("reviews")
    return [_booking_review(review) for review in reviews]


def _booking_review(review: Fields) -> OtaItem:
    content, reviewer, scoring = (review.part(name) for name in ("content", "reviewer", "scoring"))
    answer = review.part("reply" if review.values.get("reply") is not None else "response")
    occurred_at, precision = review.moment("created_timestamp", UTC, UTC)
    title = plain_text(content.text("headline") or "", "booking")
    text = joined_halves(content.text("negative"), content.text("positive"), "booking")
    score = scoring.number("review_score")
    return OtaItem(
        source="booking",
        kind="review",
        external_id=review.identifier("review_id"),
        revision_at=review.moment("last_change_timestamp", UTC, UTC)[0] or occurred_at,
        property_ref=review.reference("property_id"),
        reservation_ref=review.reference("reservation_id"),
        room_ref=None,
        author_name=reviewer.text("name"),
        author_country=reviewer.text("country_code") or reviewer.text("country"),
        rating_raw=score,
        rating_scale=None if score is None else (1.0, 10.0),
        rating_10=_out_of_ten(score, 10.0, scoring.path("review_score")),
        title=title,
        body=text,
        language=language_tag(content.text("language_code")) or detect_language(f"{title}\n{text}"),
        occurred_at=occurred_at,
        occurred_precision=precision,
        check_in=None,
        check_out=None,
        sender_role="guest",
        reply_text=plain_text(answer.text("text") or "", "booking") or None,
        attachments=(),
    )


def _rating(platform: str, fields: Fields) -> tuple[float | str | None, tuple[float, float] | None, float | None]:
    """The rating as given, its scale, and out of ten. Shops with good, neutral and bad keep their word."""
    word = fields.values.get("score")
    if isinstance(word, str) and word.strip().lower() in RATING_WORDS:
        return word.strip(), None, RATING_WORDS[word.strip().lower()]
    score = fields.number("score")
    if score is None:
        return None, None, None
    highest = fields.number("score_max") or PLATFORMS[platform]
    if not highest:
        raise NotReadable("score_max", f"say the highest score; for {platform} it is not known")
    lowest = 10.0 if platform == "dianping" else 1.0
    return score, (lowest, float(highest)), _out_of_ten(score, float(highest), "score")


def _out_of_ten(score: float | None, highest: float, field: str) -> float | None:
    """One decimal; None for no score and for 0, by which platforms say there is none."""
    if not score:
        return None
    if not 0 < score <= highest:
        raise NotReadable(field, f"a number between 0 and {highest:g}")
    tenths = Decimal(str(score)) * 10 / Decimal(str(highest))
    return float(tenths.quantize(Decimal("0.1"), ROUND_HALF_UP))
