"""What stands in the box at the head of a form."""

from services.dispatch.domain.forms.content import Fact
from services.dispatch.domain.forms.writer import Writer


def complainant(w: Writer) -> tuple[Fact, ...]:
    """Contact data is not kept here: who complained is to be filled in by hand, or named for one copy."""
    if w.story.row["anonymous"]:
        return (w.fact("complainant", w.word("anonymous")),)
    return w.by_hand("complainant"), w.by_hand("contact")


def came_in(w: Writer) -> tuple[Fact, ...]:
    """How the complaint was received."""
    row = w.story.row
    received_by = next((each["by_id"] for each in w.story.milestones if each["milestone"] == "received"), None)
    return (
        w.fact("channel", w.channel(row["channel"])),
        w.fact("received_at", w.moment(row["received_at"])),
        w.fact("registered_at", w.moment(row["registered_at"])),
        w.fact("received_by", w.person(received_by)),
    )


def place(w: Writer) -> tuple[Fact, ...]:
    return (w.fact("place", w.story.row["place_label"] or ""),)


def event(w: Writer) -> tuple[Fact, ...]:
    """When and where it happened (IN-2)."""
    happened_at = w.story.row["happened_at"]
    return *((w.fact("happened_at", w.moment(happened_at)),) if happened_at else ()), *place(w)


def classified(w: Writer) -> tuple[Fact, ...]:
    row, procedure = w.story.row, w.story.procedure
    marks = [w.word(mark) for mark in ("major", "vip") if row[mark]]
    claimed = row["claimed_amount"]
    currency = procedure.compensation.currency if procedure.compensation else None
    return (
        w.fact("category", w.category(row["category"])),
        w.fact("urgency", w.urgency(row["urgency"])),
        *((w.fact("marks", " / ".join(marks)),) if marks else ()),
        *((w.fact("claimed", w.amount(claimed, currency)),) if claimed and currency else ()),
    )


def responsible(w: Writer) -> tuple[Fact, ...]:
    """The department and the three levels (DI-4)."""
    row = w.story.row
    people = (w.fact(role, w.person(row[f"{role}_id"])) for role in ("assignee", "head", "coordinator"))
    return w.fact("department", w.department(row["department"])), *people


def ended(w: Writer) -> tuple[Fact, ...]:
    row = w.story.row
    if row["outcome"] is None:
        return ()
    outcome = w.fact("outcome", w.word(f"outcome.{row['outcome']}"))
    if row["satisfied"] is None:
        return (outcome,)
    return outcome, w.fact("satisfied", w.word("yes" if row["satisfied"] else "no"))
