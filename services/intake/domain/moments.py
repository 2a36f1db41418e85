"""When a complaint was received, and when what it is about happened: what can be true (IN-4)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from services.intake.domain.acceptance import NotAccepted

CLOCKS_DIFFER = timedelta(minutes=5)
OLDEST_RECEIPT = timedelta(days=366)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)

NOT_YET: Mapping[str, str] = MappingProxyType(
    {"zh-Hans": "时间不能晚于现在", "zh-Hant": "時間不能晚於現在", "en": "This time is still to come"}
)
LONG_AGO: Mapping[str, str] = MappingProxyType(
    {
        "zh-Hans": "收到时间不能早于一年以前",
        "zh-Hant": "收到時間不能早於一年以前",
        "en": "A complaint is registered within a year of its receipt; check the year",
    }
)
TOO_EARLY: Mapping[str, str] = MappingProxyType(
    {"zh-Hans": "请检查年份", "zh-Hant": "請檢查年份", "en": "Check the year"}
)


def received(given: datetime, now: datetime) -> datetime:
    """When the complaint reached the firm, aware: up to 366 days before `now`, and not after it.

    Every time limit counts from it. Up to five minutes ahead, by which clocks differ, is taken for `now`. Raises
    NotAccepted.
    """
    if given > now + CLOCKS_DIFFER:
        raise NotAccepted("received_at", NOT_YET)
    if given < now - OLDEST_RECEIPT:
        raise NotAccepted("received_at", LONG_AGO)
    return min(given, now)


def happened(given: datetime, now: datetime) -> datetime:
    """When it happened, aware: from 1900 up to `now`, with the same five minutes. Raises NotAccepted."""
    if given > now + CLOCKS_DIFFER:
        raise NotAccepted("happened_at", NOT_YET)
    if given < EARLIEST:
        raise NotAccepted("happened_at", TOO_EARLY)
    return min(given, now)
