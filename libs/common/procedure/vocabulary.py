"""The fixed words a Procedure may use; everything else in it is named by the tenant."""

from types import MappingProxyType

LANGUAGES = ("zh-Hans", "zh-Hant", "en")

CHANNEL_NAMES = MappingProxyType(
    {
        "web": {"zh-Hans": "网页", "zh-Hant": "網頁", "en": "web form"},
        "phone": {"zh-Hans": "电话", "zh-Hant": "電話", "en": "phone"},
        "email": {"zh-Hans": "邮件", "zh-Hant": "電郵", "en": "e-mail"},
        "ota": {"zh-Hans": "预订平台", "zh-Hant": "預訂平台", "en": "booking platform"},
        "wechat": {"zh-Hans": "微信", "zh-Hant": "微信", "en": "WeChat"},
        "counter": {"zh-Hans": "服务窗口", "zh-Hant": "服務窗口", "en": "counter"},
        "letter": {"zh-Hans": "来信", "zh-Hant": "來信", "en": "letter"},
        "suggestion_box": {"zh-Hans": "意见箱", "zh-Hant": "意見箱", "en": "suggestion box"},
        "social": {"zh-Hans": "社交媒体", "zh-Hant": "社交媒體", "en": "social media"},
        "regulator": {"zh-Hans": "监管转办", "zh-Hant": "監管轉辦", "en": "regulator"},
    }
)
CHANNELS = tuple(CHANNEL_NAMES)

MILESTONES = (
    "received",
    "registered",
    "acknowledged",
    "checked",
    "routed",
    "accepted",
    "contacted",
    "on_site",
    "first_measures",
    "verified",
    "cause_found",
    "planned",
    "approved",
    "carried_out",
    "result_written",
    "result_spoken",
    "surveyed",
    "closed",
    "archived",
    "third_party_named",
    "third_party_notice",
    "statement",
    "effect_checked",
    "reopened",
)

# Reached by what the platform itself hears or does; every other milestone needs a step that reports it.
REACHED_WITHOUT_STEP = (
    "received",
    "registered",
    "acknowledged",
    "routed",
    "accepted",
    "approved",
    "result_written",
    "result_spoken",
    "surveyed",
    "closed",
    "archived",
    "third_party_named",
    "third_party_notice",
    "reopened",
)

# What an acknowledgement itself makes true is nothing to promise in it.
TRUE_ONCE_ACKNOWLEDGED = ("received", "registered", "acknowledged", "routed")

# Stay inside the house or come after the handling: promised to nobody, and missing them keeps no complainant waiting.
INTERNAL = ("routed", "accepted", "approved", "surveyed", "archived")

# `contact` is a phone number or an e-mail address; `place` a known place or a described one.
INTAKE_FIELDS = (
    "text",
    "impact",
    "asked_for",
    "category",
    "place",
    "happened_at",
    "name",
    "contact",
    "phone",
    "email",
    "identity_number",
    "attachments",
)
ANSWER_WAYS = ("sms", "email", "notice_board", "none")

LOOK_BACK = ("supervisor", "coordinator", "manager", "auditor")
DISCLOSED = (
    "received",
    "closed",
    "open",
    "completion_rate",
    "timely_rate",
    "satisfaction",
    "reopen_rate",
    "repeat_rate",
    "handling_time",
    "response_time",
)
STAFF_ROLES = ("front_line", "supervisor", "coordinator", "manager", "admin", "auditor")
STEP_FIELDS = ("note", "attachments", "text", "prevention", "written", "spoken", "report", "cause", "plan", "finding")
WAYS_TO_ASSIGN = ("least_work", "round_robin", "skill")
THIRD_PARTY = "third_party"
WAITS_FOR = ("complainant", THIRD_PARTY)
# A department's own part of a case knows only these, and it alone the first (DI-5).
ASSIGNED = "assigned"
PART_MILESTONES = (ASSIGNED, "accepted", "carried_out")

CALLED_IN = ("assignee", "department_head", "coordinator", "manager", "duty_manager")

NOTICE_KINDS = (
    "registered",
    "assigned",
    "alerted",
    "summoned",
    "message",
    "waiting",
    "extended",
    "result",
    "reopened",
    "survey",
    "warned",
    "breached",
    "escalated",
    "digest",
)
NOTICE_RECIPIENTS = ("complainant", "assignee", "head", "coordinator", "manager", "called_in")
NOTICE_CHANNELS = ("sms", "email")
SLOTS = (
    "number",
    "category",
    "deadline",
    "new_deadline",
    "step",
    "tenant",
    "tracking_link",
    "survey_link",
    "result",
    "party",
    "reason",
    "count",
    "alerts",
)

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
