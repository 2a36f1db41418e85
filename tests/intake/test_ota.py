"""IN-1 by booking platform: reviews and messages in one record, each once."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.ota import (
    NotReadable,
    OtaItem,
    UnknownPlatform,
    read_booking_reviews,
    read_envelope,
)


def test_an_envelope_becomes_one_record() -> None:
    item = read_envelope(
        "agoda",
        envelope(
            property_id=77,
            reservation_id="R-1",
            room="1502",
            guest_name="陳小姐",
            score=6.8,
            score_max=10,
            title="冷氣",
            text="房間&amp;走廊很熱<br>沒人理",
            lang="zh-tw",
            created_at="2026-03-01T20:15:00+08:00",
            check_in="2026-02-27",
            check_out="2026-03-01T12:00:00+08:00",
            images=["https://pictures.example/1.jpg"],
        ),
    )
    assert item.dedup_key == "agoda:review:a1"
    assert (item.property_ref, item.reservation_ref, item.room_ref) == ("77", "R-1", "1502")
    assert (item.rating_raw, item.rating_scale, item.rating_10) == (6.8, (1.0, 10.0), 6.8)
    assert (item.title, item.body, item.language) == ("冷氣", "房間&走廊很熱\n沒人理", "zh-Hant")
    assert item.occurred_at == item.revision_at == datetime(2026, 3, 1, 12, 15, tzinfo=UTC)
    assert (item.occurred_precision, item.check_in, item.check_out) == ("second", date(2026, 2, 27), date(2026, 3, 1))
    assert item.may_open_a_complaint


def test_a_later_change_is_the_revision() -> None:
    item = read_envelope("agoda", envelope(created_at="2026-03-01T00:00:00Z", updated_at="2026-03-02T00:00:00Z"))
    assert item.revision_at == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("sender", ["property", "hotel", "host", "supplier", "platform"])
def test_what_the_property_itself_writes_opens_no_complaint(sender: str) -> None:
    item = read_envelope("agoda", envelope(kind="message", **{"from": sender}))
    assert not item.may_open_a_complaint


def test_a_rating_without_words_opens_no_complaint() -> None:
    item = read_envelope("agoda", envelope(text=None, title=" ", score=2))
    assert (item.words, item.may_open_a_complaint) == ("", False)


@pytest.mark.parametrize(
    ("platform", "score", "score_max", "out_of_ten"),
    [
        ("booking", 7.5, None, 7.5),
        ("expedia", 4, None, 8.0),
        ("airbnb", "4.5", None, 9.0),
        ("dianping", 45, None, 9.0),
        ("aggregator", 55, 100, 5.5),
        ("trip", 4.55, 5, 9.1),
        ("google", 0, None, None),
        ("agoda", None, None, None),
        ("taobao", "bad", None, 0.0),
        ("taobao", "好评", None, 10.0),
    ],
)
def test_ratings_are_brought_to_one_scale(platform, score, score_max, out_of_ten) -> None:  # type: ignore[no-untyped-def]
    assert read_envelope(platform, envelope(score=score, score_max=score_max)).rating_10 == out_of_ten


@pytest.mark.parametrize(
    ("platform", "written", "moment", "precision"),
    [
        ("ctrip", "2026-03-01 20:15:00", datetime(2026, 3, 1, 12, 15, tzinfo=UTC), "second"),
        ("booking", "2026-03-01 20:15:00", datetime(2026, 3, 1, 20, 15, tzinfo=UTC), "second"),
        ("agoda", "2026-03-01 20:15:00", datetime(2026, 3, 1, 13, 15, tzinfo=UTC), "second"),
        ("agoda", "2026-03-01T20:15:00-05:00", datetime(2026, 3, 2, 1, 15, tzinfo=UTC), "second"),
        ("agoda", "2026-03-01", datetime(2026, 2, 28, 17, 0, tzinfo=UTC), "day"),
    ],
)
def test_times_without_offset_are_where_the_platform_writes(platform, written, moment, precision) -> None:  # type: ignore[no-untyped-def]
    """Chinese platforms write Beijing time, Booking.com UTC, the rest the property's time."""
    item = read_envelope(platform, envelope(created_at=written), ZoneInfo("Asia/Bangkok"))
    assert (item.occurred_at, item.occurred_precision) == (moment, precision)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("line<BR/>break\r\nend", "line\nbreak\nend"),
        ("price <100 and I <3 you, a <b and c> d", "price <100 and I <3 you, a <b and c> d"),
        ("cafe\u0301 ￥100 ①", "café ￥100 ①"),
        ("好 👨‍👩‍👧 <b class='x'>赞</b>", "好 👨‍👩‍👧 赞"),
    ],
)
def test_bodies_lose_markup_and_nothing_else(written: str, read: str) -> None:
    assert read_envelope("agoda", envelope(text=written)).body == read


@pytest.mark.parametrize(
    "written",
    ["(Translated by Google) Cold\n\n(Original)\n太冷", "太冷\n\n(Translated by Google)\nCold"],
)
def test_of_a_translated_review_the_original_is_kept(written: str) -> None:
    assert read_envelope("google", envelope(text=written)).body == "太冷"


@pytest.mark.parametrize(
    ("tag", "text", "language"),
    [
        ("zh", "", "zh-Hans"),
        ("zh_CN", "", "zh-Hans"),
        ("zh-HK", "", "zh-Hant"),
        ("xt", "", "zh-Hant"),
        ("en-gb", "", "en"),
        ("pt_br", "", "pt-BR"),
        (None, "房间很冷", "zh-Hans"),
        (None, "房間很冷", "zh-Hant"),
        (None, "部屋が寒い", "ja"),
        ("???", "cold room", "en"),
    ],
)
def test_the_language_is_the_platforms_or_found_in_the_text(tag, text, language) -> None:  # type: ignore[no-untyped-def]
    assert read_envelope("agoda", envelope(lang=tag, text=text)).language == language


@pytest.mark.parametrize("number", [9007199254740993, 2**63])
def test_long_numeric_ids_stay_exact(number: int) -> None:
    assert read_envelope("fliggy", envelope(id=number)).external_id == str(number)


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(UnknownPlatform):
        read_envelope("myspace", envelope())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None),
        ("id", ""),
        ("id", 1.5),
        ("id", True),
        ("id", "x" * 201),
        ("id", "a\nb"),
        ("kind", "rumour"),
        ("kind", None),
        ("platform", "booking"),
        ("score", 11),
        ("score", -1),
        ("score", "great"),
        ("score", float("nan")),
        ("score", 10**400),
        ("score", []),
        ("text", 5),
        ("from", "nobody"),
        ("created_at", "yesterday"),
        ("created_at", "0001-01-01T00:00:00+14:00"),
        ("check_in", "2026-02-30"),
        ("images", "x"),
        ("images", [1]),
        ("lang", 1),
    ],
)
def test_what_cannot_be_read_names_its_field(field: str, value: object) -> None:
    with pytest.raises(NotReadable) as refused:
        read_envelope("agoda", envelope(**{field: value}))
    assert refused.value.field == field
    assert refused.value.message


def test_a_scale_nobody_knows_has_to_be_said() -> None:
    with pytest.raises(NotReadable, match="score_max"):
        read_envelope("trip", envelope(score=4, score_max=None))


FIELDS = sorted(
    {"platform", "kind", "id", "property_id", "room", "score", "score_max", "title", "text", "lang", "from", "images"}
    | {"created_at", "updated_at", "check_in", "data", "reviews", "review_id", "content", "scoring", "reviewer"}
    | {"guest_name", "review_score", "reply", "response", "headline", "negative"}
)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=20,
)


@given(st.data())
def test_any_json_is_read_or_refused(data: st.DataObject) -> None:
    body = data.draw(st.dictionaries(st.sampled_from(FIELDS), json))
    for read in (read_booking_reviews, lambda body: read_envelope("agoda", body)):
        try:
            read(body)
        except NotReadable as refused:
            assert refused.field.split("/")[0] in FIELDS


def test_booking_reviews_are_read() -> None:
    full, minimal = read_booking_reviews(booking_page())
    assert full.dedup_key == "booking:review:Qr-j8xe_5As"
    assert (full.author_name, full.author_country, full.reservation_ref) == ("Jan", "nl", "1234567890")
    assert (full.title, full.body) == ("Mixed", "No hot water & noise\nKind staff")
    assert (full.rating_raw, full.rating_10, full.reply_text) == (7.5, 7.5, "Thank you")
    assert full.occurred_at == datetime(2018, 5, 13, 12, 16, 33, tzinfo=UTC)
    assert full.revision_at == datetime(2018, 5, 14, 8, 0, tzinfo=UTC)
    assert (minimal.external_id, minimal.author_name, minimal.words, minimal.rating_10) == ("42", None, "", None)
    assert not minimal.may_open_a_complaint


def test_booking_writes_some_keys_in_two_ways() -> None:
    (item,) = booking(reviewer={"country": "de"}, response={"text": "Sorry"})
    assert (item.author_country, item.reply_text) == ("de", "Sorry")


def test_a_booking_review_needs_no_more_than_an_id() -> None:
    (item,) = booking(review_id=7, reviewer=None, content=None, scoring=None, reply=None)
    assert (item.external_id, item.occurred_at, item.revision_at) == ("7", None, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "data/reviews"),
        ({"data": []}, "data"),
        ({"data": {"reviews": [5]}}, "data/reviews/0"),
        ({"data": {"reviews": [{"review_id": "1"}, {}]}}, "data/reviews/1/review_id"),
        (
            {"data": {"reviews": [{"review_id": "1", "scoring": {"review_score": 11}}]}},
            "data/reviews/0/scoring/review_score",
        ),
    ],
)
def test_a_booking_page_that_cannot_be_read_names_the_place(body: dict[str, Any], field: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read_booking_reviews(body)
    assert refused.value.field == field


def envelope(**changes: object) -> dict[str, Any]:
    return {"platform": None, "kind": "review", "id": "a1", "text": "cold"} | changes


def booking(**review: object) -> list[OtaItem]:
    return read_booking_reviews({"data": {"reviews": [{"review_id": "r1"} | review]}})


def booking_page() -> dict[str, Any]:
    full = {
        "review_id": "Qr-j8xe_5As",
        "created_timestamp": "2018-05-13 12:16:33",
        "last_change_timestamp": "2018-05-14 08:00:00",
        "reviewer": {"name": "Jan", "country_code": "nl", "is_genius": False},
        "reservation_id": 1234567890,
        "content": {
            "language_code": "en",
            "headline": "Mixed",
            "positive": "Kind staff",
            "negative": "No hot water &amp; noise",
        },
        "scoring": {"review_score": 7.5, "clean": 10, "value": None},
        "reply": {"text": "Thank you", "last_change_timestamp": "2018-05-14 08:00:00"},
    }
    minimal = {
        "review_id": 42,
        "created_timestamp": "2018-05-13 12:16:33",
        "reviewer": None,
        "scoring": {"clean": 5},
    }
    return {"errors": [], "warnings": [], "meta": {"ruid": "x"}, "data": {"reviews": [full, minimal]}}
