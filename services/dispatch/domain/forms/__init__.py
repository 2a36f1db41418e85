"""What stands in the printed forms of a case (DI-15)."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from services.dispatch.domain.forms import facts, sections
from services.dispatch.domain.forms.content import Fact, Form, Part, Passage
from services.dispatch.domain.forms.writer import Writer
from services.dispatch.domain.refusals import NotNow


def complaint_record(w: Writer) -> Form:
    """《用户投诉记录》: what came in, how it was taken, its course so far and what came of it."""
    box = (
        *facts.complainant(w),
        *facts.came_in(w),
        *facts.event(w),
        *facts.classified(w),
        *facts.responsible(w),
        *facts.ended(w),
    )
    parts = (*sections.complaint(w), *sections.course(w), *sections.transfers(w), *sections.result(w))
    return _form(w, "record", box, parts, ("sign.received_by", "sign.handled_by", "sign.head", "sign.date"))


def investigation_report(w: Writer) -> Form:
    """《投诉调查报告》: what was found and why, who decided and did what, and what came of it."""
    box = (
        w.fact("received_at", w.moment(w.story.row["received_at"])),
        *facts.event(w),
        *facts.classified(w),
        *facts.responsible(w),
        *facts.ended(w),
    )
    parts = (
        *sections.complaint(w),
        *sections.investigation(w),
        *sections.files(w),
        *sections.approvals(w),
        *sections.course(w),
        *sections.transfers(w),
        *sections.parts(w),
        *sections.waits(w),
        *sections.extensions(w),
        *sections.result(w),
        *sections.compensation(w),
    )
    return _form(w, "investigation", box, parts, ("sign.investigator", "sign.head", "sign.date"))


def result_notice(w: Writer) -> Form:
    """《处理结果通知书》, for the complainant: the last result, how it will not happen again, what is promised.

    Raises NotNow while there is no result.
    """
    row, results = w.story.row, w.story.results
    if not results:
        raise NotNow("There is no result to give notice of yet.")
    told = [w.word(way) for way in ("written", "spoken") if any(each[way] for each in results)]
    box = (
        *facts.complainant(w),
        *facts.place(w),
        w.fact("department", w.department(row["department"])),
        w.fact("issued", w.day(results[-1]["at"])),
        *((w.fact("told", " / ".join(told)),) if told else ()),
    )
    greeting = Passage("", w.word("greeting", number=row["number"], received_at=w.moment(row["received_at"])))
    parts = (greeting, *sections.result(w), *sections.promised(w))
    return _form(w, "result", box, parts, ("sign.house", "sign.date"))


FORMS: Mapping[str, Callable[[Writer], Form]] = MappingProxyType(
    {"record": complaint_record, "investigation": investigation_report, "result": result_notice}
)
NAME_THE_COMPLAINANT = ("record", "result")


def _form(w: Writer, name: str, box: Iterable[Fact], parts: Iterable[Part], signatures: Iterable[str]) -> Form:
    return Form(
        title=w.word(f"form.{name}"),
        house=w.story.house.name,
        number=w.story.row["number"],
        language=w.language,
        page=w.word("page", page="{page}", pages="{pages}"),
        dated=w.story.evidence[-1].at,
        facts=(w.fact("number", w.story.row["number"]), *box),
        parts=tuple(parts),
        signatures=tuple(w.word(key) for key in signatures),
    )
