"""Files that staff keep with a case in intake and name in its steps; their digests stand in the evidence."""

from collections.abc import Sequence
from uuid import UUID

from libs.common.events.intake import FileKept
from libs.common.unit_of_work import Work
from services.dispatch.domain.refusals import NotAcceptable, NotNow
from services.dispatch.handlers.handling import Handling
from services.dispatch.store import Store

NOT_KEPT = (
    "is no file that staff kept with this complaint; upload it there first, and if you have just done so, "
    "send the step again in a moment"
)
USED = "proves another payment already; keep the voucher of this one with the complaint and name it"


def keep_file(event: FileKept, work: Work[Store]) -> None:
    """It may be named in a step from now on."""
    work.store.evidence.keep_file(event.subject, event.attachment_id, event.sha256)


def digests_of(handling: Handling, attachments: Sequence[UUID]) -> list[str]:
    """The SHA-256 of each. Raises NotAcceptable for those that were not kept with this complaint (DI-7, PR-4)."""
    known = handling.work.store.evidence.files(handling.case.complaint_id)
    wrong = [f"attachments/{n}" for n, each in enumerate(attachments) if each not in known]
    if wrong:
        raise NotAcceptable.fields(wrong, NOT_KEPT)
    return [known[each] for each in attachments]


def voucher_of(handling: Handling) -> str | None:
    """The SHA-256 of the payment's voucher; None without one. Raises NotAcceptable for one that was not kept with
    this complaint, NotNow for one that proves another payment, under whatever id (DI-10)."""
    voucher_id, store = handling.given.get("voucher_id"), handling.work.store
    if voucher_id is None:
        return None
    sha256 = store.evidence.files(handling.case.complaint_id).get(voucher_id)
    if sha256 is None:
        raise NotAcceptable.field("voucher_id", NOT_KEPT)
    if store.money.is_paid_against(sha256):
        raise NotNow(f"The voucher {USED}", [{"detail": USED, "pointer": "#/voucher_id"}])
    return sha256
