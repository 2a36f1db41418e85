"""Until when a span may reach that people grant, such as an extension; exact deadlines are the sla service's."""

from datetime import datetime, time, timedelta, tzinfo

from libs.common.procedure.duration import Span

WORKING_HOURS_A_DAY = 4
LONGEST_HOLIDAY = timedelta(days=10)


def latest(since: datetime, span: Span, zone: tzinfo) -> datetime:
    """The moment after which `span` is surely over, however it is counted; `zone` is the tenant's.

    Minutes and hours, and calendar days until their midnight, are exact. Working days and hours are not counted
    here: three calendar days stand for a working day, and the longest public holiday is added.
    """
    if span.unit in ("min", "h"):
        return since + timedelta(minutes=span.nominal_minutes)
    if span.unit == "d":
        return _end_of_day(since + timedelta(days=span.amount), zone)
    days = span.amount if span.unit == "wd" else -(-span.amount // WORKING_HOURS_A_DAY)
    return _end_of_day(since + timedelta(days=3 * days) + LONGEST_HOLIDAY, zone)


def _end_of_day(moment: datetime, zone: tzinfo) -> datetime:
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(moment.tzinfo)
