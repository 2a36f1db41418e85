"""What the complainant added was read (IN-10)."""

from uuid import UUID

from libs.common.unit_of_work import Work
from services.dispatch.domain.permissions import Actor, allowed
from services.dispatch.domain.refusals import NotAllowed
from services.dispatch.handlers.handling import look_at, put_on_record
from services.dispatch.store import Store


def read_messages(work: Work[Store], actor: Actor, complaint_id: UUID) -> None:
    """Whoever may work on the case says so, also on a closed one. Raises NoSuchCase, NotAllowed."""
    case = look_at(work.store, actor, complaint_id, work.now, to_change=True).case
    if refused := allowed("milestone", actor, case, "read messages"):
        raise NotAllowed(refused)
    put_on_record(work, case, str(actor.person_id), "messages_read", {}, unread=False)
