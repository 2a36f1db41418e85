"""What was waited for and granted in the cases of one tenant (SL-5, SL-6)."""

from datetime import datetime
from uuid import UUID

from libs.common.tenancy import TenantConnection
from services.sla.domain.waiting import Extension, History, Pause
from services.sla.tables import extensions, pauses

OF_A_PAUSE = tuple(Pause.__dataclass_fields__)
OF_AN_EXTENSION = tuple(Extension.__dataclass_fields__)


class Histories:
    def __init__(self, rows: TenantConnection) -> None:
        self._rows = rows

    def of(self, complaint_id: UUID) -> History:
        waited = self._rows.of(pauses, complaint_id=complaint_id)
        granted = self._rows.of(extensions, complaint_id=complaint_id)
        return History(
            [Pause(**{name: row[name] for name in OF_A_PAUSE}) for row in waited],
            [Extension(**{name: row[name] for name in OF_AN_EXTENSION}) for row in granted],
        )

    def add_pause(self, complaint_id: UUID, pause: Pause) -> None:
        self._rows.insert(pauses, complaint_id=complaint_id, **{name: getattr(pause, name) for name in OF_A_PAUSE})

    def end_pause(self, pause_id: UUID, at: datetime) -> None:
        self._rows.change(pauses, {"ended_at": at}, pause_id=pause_id)

    def add_extension(self, complaint_id: UUID, extension: Extension) -> None:
        known = {name: getattr(extension, name) for name in OF_AN_EXTENSION}
        self._rows.insert(extensions, complaint_id=complaint_id, **known)

    def save_telling(self, extension: Extension) -> None:
        told = {"told_at": extension.told_at, "in_time": extension.in_time}
        self._rows.change(extensions, told, extension_id=extension.extension_id)
