from services.portal.gateways.http import Answer, ServiceClient


class Notify(ServiceClient):
    """Who was told about one complaint, and whether it arrived; and the guests' surveys."""

    def notices(self, token: str, complaint_id: str) -> Answer:
        return self.get(f"/v1/complaints/{complaint_id}/notices", token=token)

    def send_again(self, token: str, delivery_id: str, *, key: str, language: str) -> Answer:
        return self.post(f"/v1/deliveries/{delivery_id}/send-again", token=token, key=key, language=language)

    def survey(self, link: str) -> Answer:
        """The survey behind what a link carries."""
        return self.post("/v1/public/surveys", {"token": link})

    def answer_survey(self, link: str, score: int, comment: str | None, *, key: str, language: str) -> Answer:
        answer = {"token": link, "score": score, "comment": comment}
        return self.post("/v1/public/surveys/answers", answer, key=key, language=language)
