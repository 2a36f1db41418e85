"""The Procedure once read: everything one tenant has said about how it handles complaints.

Localised texts map a language to words. What `reading.read` returned has no name in it that leads nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from libs.common.procedure.calendars import Calendar
from libs.common.procedure.conditions import Condition, Localised, Names
from libs.common.procedure.duration import Share, Span
from libs.common.procedure.likeness import LikenessRules
from libs.common.procedure.oversight import (
    Approval,
    CompensationRules,
    Disclosure,
    ExtensionRules,
    Lane,
    Oversight,
    ReopeningRules,
)
from libs.common.procedure.vocabulary import MILESTONES
from libs.common.procedure.words import WordList

DISREGARDED = ""
"""What the words of disregarded phrases speak for: nothing."""


def in_language(text: Localised, language: str) -> str:
    """The text in that language; the other Chinese script before a foreign language; else the first given."""
    nearest = {"zh-Hant": "zh-Hans", "zh-Hans": "zh-Hant"}.get(language, "en")
    return text.get(language) or text.get(nearest) or next(iter(text.values()))


@dataclass(frozen=True, kw_only=True)
class AnonymousRules:
    """Whether a complaint may come without a name (IN-5), what it still must say, how it may be answered."""

    allowed: bool
    required: tuple[str, ...] = ("text",)
    answer_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IntakeRules:
    """What a complaint must carry at the door (IN-2), and what it is taken for when nothing tells.

    `disregard`: phrases that say nothing and hide the words inside them, such as “no fire” hides “fire”.
    """

    required: Mapping[str, tuple[str, ...]]
    anonymous: AnonymousRules
    default_category: str
    default_urgency: str
    disregard: tuple[str, ...] = ()

    def required_for(self, channel: str, *, anonymous: bool = False) -> tuple[str, ...]:
        """The fields a complaint by this channel must carry; anonymous ones have their own list."""
        if anonymous:
            return self.anonymous.required
        return self.required.get(channel, self.required["default"])


@dataclass(frozen=True, kw_only=True)
class Category:
    """A class of complaint (IN-6): whose it is, what belongs to it, how urgent it usually is.

    `urgency` None: the default one. `channels`: a complaint that came that way and whose words tell nothing
    is taken for this category.
    """

    id: str
    name: Localised
    department: str
    urgency: str | None = None
    examples: Localised | None = None
    words: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Urgency:
    """A class of urgency (IN-7). The Procedure lists the most urgent first."""

    id: str
    name: Localised
    examples: Localised | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Department:
    """Whose work a case is. `assign` says how it finds its person (DI-3): `least_work`, `round_robin`, `skill`."""

    id: str
    name: Localised
    assign: str = "least_work"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When the condition holds: whose case it is, how urgent, whether major, who is alerted (DI-1).

    `assignee`: who gets it, by name or id. `joint`: the departments that handle parts of it beside the leading one
    (DI-5). `lane`: who must acknowledge it.
    """

    id: str
    when: Condition = Condition()
    department: str | None = None
    assignee: str | None = None
    urgency: str | None = None
    major: bool | None = None
    alert: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    lane: str | None = None


@dataclass(frozen=True, kw_only=True)
class Routing:
    """The rules in order; `match` is `first` (the first that holds) or `all` (every one that holds).

    `group_leader`: the role that leads a joint handling group where no person was named, coordinator or manager.
    """

    match: str = "first"
    group_leader: str = "coordinator"
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """A milestone staff report (DI-7): who may (empty: any staff) and what must be said with it.

    A step that is not `optional` must be reached before the case may close. `name` for the Procedure's own
    milestones. `share`: only so many of the cases need it, drawn by the complaint's id (DI-14); None: all.
    """

    milestone: str
    name: Localised | None = None
    when: Condition = Condition()
    by: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: bool = False
    share: Share | None = None


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The longest span allowed between two milestones of a case (SL-1).

    `warn` is a share of the span or a span before its end (SL-3), None for no warning; `ladder` None for no
    escalation; `calendar` names one of the Procedure's. `pause`: for whom it waits (SL-6), empty: for nobody;
    `extension` None: it cannot be extended (SL-5). `per_department`: each department's part has a clock of its
    own, from and to the part's milestones (DI-5).
    """

    id: str
    name: Localised
    milestone_from: str
    milestone_to: str
    within: Span
    when: Condition = Condition()
    warn: Share | Span | None = None
    ladder: str | None = None
    calendar: str = "default"
    pause: tuple[str, ...] = ()
    extension: ExtensionRules | None = None
    per_department: bool = False


@dataclass(frozen=True, kw_only=True)
class LadderLevel:
    """Who is called in when a limit is still not kept `after` so long past its end."""

    after: Span
    to: str


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The levels of escalation (SL-4), the first called first."""

    id: str
    levels: tuple[LadderLevel, ...]


@dataclass(frozen=True, kw_only=True)
class Template:
    """The words of one notice on one channel, with `{slots}`: a mail has a subject, a text message a code."""

    body: Localised
    subject: Localised | None = None
    code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Who is told what when something happens (NO-1, NO-2); `channels` in order of preference."""

    id: str
    on: str
    to: tuple[str, ...]
    channels: tuple[str, ...]
    templates: Mapping[str, Template]


@dataclass(frozen=True, kw_only=True)
class Survey:
    """The satisfaction survey (NO-5): after which milestone, scored 1 to `scale`.

    A score of `satisfied_from` or more counts as satisfied; a lower one reopens the case where it may be (DI-12).
    """

    after: str
    question: Localised
    scale: int = 5
    satisfied_from: int = 4
    reminders: int = 0


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How many days a closed case is kept (PR-3)."""

    days: int


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """One tenant's rules for complaints, whole and consistent."""

    id: str
    name: Localised
    languages: tuple[str, ...]
    intake: IntakeRules
    categories: tuple[Category, ...]
    urgencies: tuple[Urgency, ...]
    departments: tuple[Department, ...]
    routing: Routing
    steps: tuple[Step, ...]
    limits: tuple[Limit, ...]
    ladders: tuple[Ladder, ...]
    notices: tuple[Notice, ...]
    survey: Survey
    retention: Retention
    calendars: Mapping[str, Calendar]
    lanes: tuple[Lane, ...] = ()
    approvals: tuple[Approval, ...] = ()
    compensation: CompensationRules | None = None
    reopening: ReopeningRules | None = None
    oversight: Oversight = Oversight()
    disclosure: Disclosure | None = None
    likeness: LikenessRules | None = None

    def category(self, id: str | None) -> Category | None:
        """None when this version of the Procedure has no such category."""
        return next((category for category in self.categories if category.id == id), None)

    def urgency(self, id: str | None) -> Urgency | None:
        """None when this version of the Procedure has no such urgency."""
        return next((urgency for urgency in self.urgencies if urgency.id == id), None)

    def department(self, id: str | None) -> Department | None:
        """None when this version of the Procedure has no such department."""
        return next((department for department in self.departments if department.id == id), None)

    def limit(self, id: str) -> Limit | None:
        """None when this version of the Procedure has no such limit."""
        return next((limit for limit in self.limits if limit.id == id), None)

    def lane(self, id: str | None) -> Lane | None:
        """None when no lane is named."""
        return next((lane for lane in self.lanes if lane.id == id), None)

    def ladder(self, id: str | None) -> Ladder | None:
        """None when no ladder is named."""
        return next((ladder for ladder in self.ladders if ladder.id == id), None)

    @property
    def milestones(self) -> tuple[str, ...]:
        """The known milestones and the Procedure's own."""
        own = tuple(step.milestone for step in self.steps if step.milestone not in MILESTONES)
        return MILESTONES + own

    @cached_property
    def category_words(self) -> WordList:
        """The words of every category, and what is disregarded, which speaks for DISREGARDED."""
        return self._words_of(self.categories)

    @cached_property
    def urgency_words(self) -> WordList:
        """The words of every urgency, and what is disregarded, which speaks for DISREGARDED."""
        return self._words_of(self.urgencies)

    def _words_of(self, classes: tuple[Category, ...] | tuple[Urgency, ...]) -> WordList:
        disregarded = [(word, DISREGARDED) for word in self.intake.disregard]
        return WordList([*disregarded, *((word, named.id) for named in classes for word in named.words)])

    @cached_property
    def names(self) -> Names:
        """What its categories, urgencies and departments are called, for `Condition.matches`."""
        called = {("category", category.id): category.name for category in self.categories}
        called |= {("urgency", urgency.id): urgency.name for urgency in self.urgencies}
        return called | {("department", department.id): department.name for department in self.departments}
