"""The explanation of a deadline in words, for staff and for the complainant."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from libs.common.procedure.document import in_language
from services.sla.domain.deadlines import Deadline, Step

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "limit": {
        "zh-Hans": "时限：{name}，{span}。",
        "zh-Hant": "時限：{name}，{span}。",
        "en": "Limit: {name}, {span}.",
    },
    "started": {
        "zh-Hans": "起算时间：{at}（{zone}）。",
        "zh-Hant": "起算時間：{at}（{zone}）。",
        "en": "Counted from {at} ({zone}).",
    },
    "elapsed": {
        "zh-Hans": "按自然时间连续计算，夜间、休息日和节假日都计入。",
        "zh-Hant": "按自然時間連續計算，夜間、休息日和節假日都計入。",
        "en": "The time runs through nights, days of rest and holidays.",
    },
    "working_time": {
        "zh-Hans": "按日历“{calendar}”，只计工作时间。",
        "zh-Hant": "按日曆「{calendar}」，只計工作時間。",
        "en": "Only the opening hours of the calendar “{calendar}” count.",
    },
    "working_days": {
        "zh-Hans": "按日历“{calendar}”计工作日，起算当日不计入。",
        "zh-Hant": "按日曆「{calendar}」計工作日，起算當日不計入。",
        "en": "Working days of the calendar “{calendar}” count; the day it starts does not.",
    },
    "calendar_days": {
        "zh-Hans": "按自然日计算，起算当日不计入；末日为休息日（日历“{calendar}”）的，顺延至下一个工作日。",
        "zh-Hant": "按自然日計算，起算當日不計入；末日為休息日（日曆「{calendar}」）的，順延至下一個工作日。",
        "en": "All days count but the day it starts; a last day of rest in the calendar “{calendar}” "
        "gives way to the next working day.",
    },
    "ends_at_midnight": {
        "zh-Hans": "最后一日至 24:00 届满。",
        "zh-Hant": "最後一日至 24:00 屆滿。",
        "en": "The last day ends at 24:00.",
    },
    "ends_at_close": {
        "zh-Hans": "最后一日至下班时届满。",
        "zh-Hant": "最後一日至下班時屆滿。",
        "en": "The last day ends at close of business.",
    },
    "holiday": {
        "zh-Hans": "不计入 {days}：{name}放假。",
        "zh-Hant": "不計入 {days}：{name}放假。",
        "en": "Not counted: {days}, {name}.",
    },
    "closed": {
        "zh-Hans": "不计入 {days}：本单位休息。",
        "zh-Hant": "不計入 {days}：本單位休息。",
        "en": "Not counted: {days}, closed by own calendar.",
    },
    "made_up": {
        "zh-Hans": "计入 {days}：{name}调休上班。",
        "zh-Hant": "計入 {days}：{name}調休上班。",
        "en": "Counted: {days}, a working day made up for {name}.",
    },
    "opened": {
        "zh-Hans": "计入 {days}：本单位上班。",
        "zh-Hant": "計入 {days}：本單位上班。",
        "en": "Counted: {days}, open by own calendar.",
    },
    "rest_days": {
        "zh-Hans": "不计入其间的周休息日 {count} 天。",
        "zh-Hant": "不計入其間的週休息日 {count} 天。",
        "en": "Weekly days of rest not counted: {count}.",
    },
    "rolled": {
        "zh-Hans": "最后一日 {first} 为休息日，顺延至 {last}。",
        "zh-Hant": "最後一日 {first} 為休息日，順延至 {last}。",
        "en": "The last day, {first}, is a day of rest; moved to {last}.",
    },
    "provisional": {
        "zh-Hans": "{year} 年放假安排尚未公布，到期时间暂定。",
        "zh-Hant": "{year} 年放假安排尚未公布，到期時間暫定。",
        "en": "The public holidays of {year} are not announced yet; the deadline may move.",
    },
    "waited": {
        "zh-Hans": "不计入 {from_at} 至 {to_at}：等待{party}（{reason}），到期时间改为 {at}。",
        "zh-Hant": "不計入 {from_at} 至 {to_at}：等待{party}（{reason}），到期時間改為 {at}。",
        "en": "Not counted: {from_at} to {to_at}, waiting for {party} ({reason}); due by {at} instead.",
    },
    "waiting": {
        "zh-Hans": "自 {from_at} 起暂停计时：等待{party}（{reason}）；等待结束后重新确定到期时间。",
        "zh-Hant": "自 {from_at} 起暫停計時：等待{party}（{reason}）；等待結束後重新確定到期時間。",
        "en": "Not counted since {from_at}, waiting for {party} ({reason}); "
        "by when it is due is known when the wait is over.",
    },
    "extended": {
        "zh-Hans": "延期至 {at}（{reason}），已于到期前 {told_at} 告知投诉人。",
        "zh-Hant": "延期至 {at}（{reason}），已於到期前 {told_at} 告知投訴人。",
        "en": "Extended to {at} ({reason}); the complainant was told in time, at {told_at}.",
    },
    "extension_told_late": {
        "zh-Hans": "获准延期至 {at}（{reason}），但 {told_at} 才告知投诉人，已过原时限，按超时计。",
        "zh-Hant": "獲准延期至 {at}（{reason}），但 {told_at} 才告知投訴人，已過原時限，按超時計。",
        "en": "An extension to {at} ({reason}) does not count: the complainant was told too late, at {told_at}.",
    },
    "extension_not_told": {
        "zh-Hans": "获准延期至 {at}（{reason}），到期前告知投诉人后方才生效。",
        "zh-Hant": "獲准延期至 {at}（{reason}），到期前告知投訴人後方才生效。",
        "en": "An extension to {at} ({reason}) holds only if the complainant is told before the limit ends.",
    },
    "due": {
        "zh-Hans": "到期时间：{at}（{zone}）。",
        "zh-Hant": "到期時間：{at}（{zone}）。",
        "en": "Due by {at} ({zone}).",
    },
    "started_here": {"zh-Hans": "起算时间：{at}。", "zh-Hant": "起算時間：{at}。", "en": "Counted from {at}."},
    "due_here": {"zh-Hans": "到期时间：{at}。", "zh-Hant": "到期時間：{at}。", "en": "Due by {at}."},
    "working_days_here": {
        "zh-Hans": "只计工作日，起算当日不计入。",
        "zh-Hant": "只計工作日，起算當日不計入。",
        "en": "Working days count; the day it starts does not.",
    },
    "calendar_days_here": {
        "zh-Hans": "按自然日计算，起算当日不计入；末日为休息日的，顺延至下一个工作日。",
        "zh-Hant": "按自然日計算，起算當日不計入；末日為休息日的，順延至下一個工作日。",
        "en": "All days count but the day it starts; a last day of rest gives way to the next working day.",
    },
    "late": {
        "zh-Hans": "未能在时限内完成。",
        "zh-Hant": "未能在時限內完成。",
        "en": "This was not done in time; it is late.",
    },
    "warned_at_share": {
        "zh-Hans": "用时达 {percent}% 时预警：{at}。",
        "zh-Hant": "用時達 {percent}% 時預警：{at}。",
        "en": "Warning after {percent}% of the time: {at}.",
    },
    "warned_before": {
        "zh-Hans": "到期前 {span}预警：{at}。",
        "zh-Hant": "到期前 {span}預警：{at}。",
        "en": "Warning {span} before: {at}.",
    },
}

_UNITS: Mapping[str, Mapping[str, str]] = {
    "min": {"zh-Hans": "{n} 分钟", "zh-Hant": "{n} 分鐘", "one": "1 minute", "en": "{n} minutes"},
    "h": {"zh-Hans": "{n} 小时", "zh-Hant": "{n} 小時", "one": "1 hour", "en": "{n} hours"},
    "wh": {
        "zh-Hans": "{n} 个工作小时",
        "zh-Hant": "{n} 個工作小時",
        "one": "1 working hour",
        "en": "{n} working hours",
    },
    "wd": {
        "zh-Hans": "{n} 个工作日",
        "zh-Hant": "{n} 個工作日",
        "one": "1 working day",
        "en": "{n} working days",
    },
    "d": {"zh-Hans": "{n} 天", "zh-Hant": "{n} 天", "one": "1 day", "en": "{n} days"},
}
_HOLIDAY = {"zh-Hans": "节假日", "zh-Hant": "節假日", "en": "a public holiday"}
_PARTIES: Mapping[str, Mapping[str, str]] = {
    "complainant": {"zh-Hans": "投诉人", "zh-Hant": "投訴人", "en": "the complainant"},
    "third_party": {"zh-Hans": "外单位", "zh-Hant": "外單位", "en": "a third party"},
}
_FOR_THE_COMPLAINANT = {
    **{
        code: code
        for code in ("limit", "holiday", "closed", "made_up", "opened", "rest_days", "rolled", "provisional")
        + ("waited", "waiting", "extended", "started", "due")
    },
    "working_days": "working_days_here",
    "calendar_days": "calendar_days_here",
}
_SAYS_THE_END = frozenset({"waited", "extended"})
_WITH_A_ZONE = {"started": "started_here", "due": "due_here"}
_TO = {"zh-Hans": " 至 ", "zh-Hant": " 至 ", "en": " to "}


def explain(deadline: Deadline, language: str) -> list[str]:
    """Why the deadline is when it is, a sentence a step, in zh-Hans, zh-Hant or en; others read English."""
    return explain_steps(deadline.explanation, language)


def explain_steps(steps: Iterable[Step], language: str) -> list[str]:
    """`explain` for an explanation that was kept."""
    spoken = language if language in _TO else "en"
    return [SENTENCES[step.code][spoken].format_map(_blanks(step, spoken)) for step in steps]


def for_the_complainant(steps: Iterable[Step], zone: str, late: bool) -> list[Step]:
    """What concerns them: the limit, from when and which days count, waits, extensions that hold, the end once.

    The zone is named only where it is not `zone`, the tenant's own. `late`: the limit was not kept.
    """
    told = [replace(step, code=_FOR_THE_COMPLAINANT[step.code]) for step in steps if step.code in _FOR_THE_COMPLAINANT]
    ends = {step.fields["at"] for step in told if step.code in _SAYS_THE_END}
    told = [step for step in told if step.code != "due" or step.fields["at"] not in ends]
    short = [replace(step, code=_WITH_A_ZONE[step.code]) if step.fields.get("zone") == zone else step for step in told]
    return [*short, Step("late", {})] if late else short


def _blanks(step: Step, language: str) -> dict[str, object]:
    """The fields of a step as that language writes them."""
    blanks: dict[str, object] = dict(step.fields)
    if isinstance(name := step.fields.get("name"), Mapping):
        blanks["name"] = in_language(name, language)
    if isinstance(names := step.fields.get("names"), Mapping):
        blanks["name"] = in_language(names or _HOLIDAY, language)
    if "waits_for" in step.fields:
        blanks["party"] = _PARTIES[str(step.fields["waits_for"])][language]
    if "unit" in step.fields:
        blanks["span"] = _span(str(step.fields["unit"]), step.fields["amount"], language)
    if "first" in step.fields:
        first, last = step.fields["first"], step.fields["last"]
        blanks["days"] = first if first == last else f"{first}{_TO[language]}{last}"
    return blanks


def _span(unit: str, amount: object, language: str) -> str:
    words = _UNITS[unit]
    return words["one"] if language == "en" and amount == 1 else words[language].format(n=amount)
