from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import httpx

from services.portal.gateways.http import Answer, ServiceClient


class Intake(ServiceClient):
    """Complaints: filed and followed by guests, registered and read by staff."""

    def file_complaint(self, slug: str, complaint: Mapping[str, Any], *, key: str, language: str) -> Answer:
        return self.post(f"/v1/public/{slug}/complaints", complaint, key=key, language=language)

    def add_attachment(self, slug: str, name: str, content: bytes, content_type: str, *, key: str) -> Answer:
        return self.upload(f"/v1/public/{slug}/attachments", name, content, content_type, key=key)

    def add_case_file(
        self, token: str, complaint_id: str, name: str, content: bytes, content_type: str, *, key: str
    ) -> Answer:
        """Kept with the complaint, so that it can be opened from there; a step of the case names it next."""
        path = f"/v1/complaints/{complaint_id}/attachments"
        return self.upload(path, name, content, content_type, key=key, token=token)

    def progress(self, slug: str, number: str, secret: str) -> Answer:
        return self.post(f"/v1/public/{slug}/progress", {"number": number, "secret": secret})

    def add_message(self, slug: str, message: Mapping[str, Any], *, key: str, language: str) -> Answer:
        return self.post(f"/v1/public/{slug}/progress/messages", message, key=key, language=language)

    def withdraw(self, slug: str, withdrawal: Mapping[str, Any], *, key: str, language: str) -> Answer:
        return self.post(f"/v1/public/{slug}/progress/withdraw", withdrawal, key=key, language=language)

    def register(self, token: str, complaint: Mapping[str, Any], *, key: str, language: str) -> Answer:
        return self.post("/v1/complaints", complaint, token=token, key=key, language=language)

    def find(self, token: str, number: str) -> Answer:
        return self.get("/v1/complaints", token=token, number=number)

    def complaint(self, token: str, complaint_id: str) -> Answer:
        """As staff see it: contact data and text masked (PR-1)."""
        return self.get(f"/v1/complaints/{complaint_id}", token=token)

    def full_view(self, token: str, complaint_id: str, reason: str, *, language: str) -> Answer:
        """Nothing masked; intake writes down who looked and why (PR-1). Sent without a key, because an
        answer under a key is kept, and this one must not be."""
        return self.post(
            f"/v1/complaints/{complaint_id}/full-view",
            {"reason": reason},
            token=token,
            language=language,
        )

    def attachment(self, token: str, complaint_id: str, attachment_id: str) -> AbstractContextManager[httpx.Response]:
        return self.file(f"/v1/complaints/{complaint_id}/attachments/{attachment_id}", token=token)

    def add_staff_message(
        self, token: str, complaint_id: str, message: Mapping[str, Any], *, key: str, language: str
    ) -> Answer:
        """What the complainant added by another way than the progress page, taken down by staff."""
        return self.post(f"/v1/complaints/{complaint_id}/messages", message, token=token, key=key, language=language)

    def add_reference(
        self, token: str, complaint_id: str, reference: Mapping[str, Any], *, key: str, language: str
    ) -> Answer:
        path = f"/v1/complaints/{complaint_id}/references"
        return self.post(path, reference, token=token, key=key, language=language)

    def correct_reference(
        self, token: str, complaint_id: str, reference_id: str, reference: Mapping[str, Any], *, language: str
    ) -> Answer:
        path = f"/v1/complaints/{complaint_id}/references/{reference_id}"
        return self.put(path, reference, token=token, language=language)

    def hand_back(
        self, token: str, complaint_id: str, reference_id: str, told: Mapping[str, Any], *, key: str, language: str
    ) -> Answer:
        """A status that a person told the other side."""
        path = f"/v1/complaints/{complaint_id}/references/{reference_id}/handed-back"
        return self.post(path, told, token=token, key=key, language=language)

    def standing(self, token: str, complaint_id: str) -> Answer:
        """What is said of who complained (IN-11), for the people of the case."""
        return self.get(f"/v1/complaints/{complaint_id}/standing", token=token)

    def set_standing(
        self, token: str, complaint_id: str, content: Mapping[str, Any], *, key: str, language: str
    ) -> Answer:
        path = f"/v1/complaints/{complaint_id}/standing"
        return self.post(path, content, token=token, key=key, language=language)

    def lift_standing(
        self, token: str, complaint_id: str, standing_id: str, reason: str, *, key: str, language: str
    ) -> Answer:
        path = f"/v1/complaints/{complaint_id}/standing/{standing_id}/lift"
        return self.post(path, {"reason": reason}, token=token, key=key, language=language)
