"""How the portal asks a service: time-outs, a careful second try, the trace handed on."""

from collections.abc import Callable

import httpx
import pytest

from libs.common import telemetry
from services.portal.domain.answers import NotThere, RequestRefused, ServiceUnavailable, SignInNeeded
from services.portal.gateways import dispatch
from services.portal.gateways.http import ServiceClient


def test_every_request_has_time_limits() -> None:
    seen = asked(lambda request: httpx.Response(200, json={}), lambda client: client.get("/v1/x"))
    assert all(seconds <= 5 for seconds in seen[0].extensions["timeout"].values())


def test_a_read_whose_connection_failed_is_tried_once_more() -> None:
    seen = asked(failing_first(), lambda client: client.get("/v1/x"))
    assert len(seen) == 2


def test_a_write_with_a_key_is_tried_once_more_with_the_same_key() -> None:
    seen = asked(failing_first(), lambda client: client.post("/v1/x", {"a": 1}, key="k1"))
    assert [request.headers["Idempotency-Key"] for request in seen] == ["k1", "k1"]


def test_a_write_without_a_key_is_never_repeated() -> None:
    def write(client: ServiceClient) -> None:
        with pytest.raises(ServiceUnavailable):
            client.post("/v1/x", {"a": 1})

    assert len(asked(failing_first(), write)) == 1


def test_a_service_that_is_slow_is_not_asked_twice() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    def read(client: ServiceClient) -> None:
        with pytest.raises(ServiceUnavailable):
            client.get("/v1/x")

    assert len(asked(slow, read)) == 1


def test_a_step_is_sent_again_while_dispatch_has_not_heard_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "WHILE_HEARING", (0, 0))
    not_heard_of = {"errors": [{"pointer": "#/attachments/0", "detail": "is no file"}]}
    answers = iter([httpx.Response(422, json=not_heard_of), httpx.Response(200, json={"state": "accepted"})])
    assert taken(lambda _: next(answers), attachments=["a"]) == {"state": "accepted"}
    with pytest.raises(RequestRefused):
        taken(lambda _: httpx.Response(422, json=not_heard_of), attachments=["a"])


@pytest.mark.parametrize(("status", "field"), [(422, "note"), (409, "attachments")])
def test_a_step_that_is_refused_for_something_else_is_sent_once(status: int, field: str) -> None:
    """Such as a file that proves another payment already."""
    seen: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, json={"errors": [{"pointer": f"#/{field}", "detail": "is wrong"}]})

    with pytest.raises(RequestRefused):
        taken(refuse, attachments=["a"])
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("status", "raised"), [(401, SignInNeeded), (404, NotThere), (500, ServiceUnavailable), (302, ServiceUnavailable)]
)
def test_what_a_status_means(status: int, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        asked(lambda _: httpx.Response(status, json={}), lambda client: client.get("/v1/x"))


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b"\xff"])
def test_an_answer_that_is_no_json_object_is_no_answer(body: bytes) -> None:
    with pytest.raises(ServiceUnavailable):
        asked(lambda _: httpx.Response(200, content=body), lambda client: client.get("/v1/x"))


def test_the_trace_goes_along() -> None:
    with telemetry.span("page"):
        here = telemetry.current_traceparent()
        [request] = asked(lambda _: httpx.Response(200, json={}), lambda client: client.get("/v1/x"))
    assert request.headers["traceparent"] == here


def test_parameters_left_empty_are_not_sent() -> None:
    [request] = asked(lambda _: httpx.Response(200, json={}), lambda client: client.get("/v1/x", a=None, b="", c=1))
    assert str(request.url) == "http://other/base/v1/x?c=1"


def asked(
    answer: Callable[[httpx.Request], httpx.Response], ask: Callable[[ServiceClient], object]
) -> list[httpx.Request]:
    """The requests a service saw while it was asked."""
    seen: list[httpx.Request] = []

    def answering(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    ask(ServiceClient("other", "http://other/base/", httpx.MockTransport(answering)))
    return seen


def failing_first() -> Callable[[httpx.Request], httpx.Response]:
    failures = [httpx.ConnectError("refused")]

    def answer(request: httpx.Request) -> httpx.Response:
        if failures:
            raise failures.pop()
        return httpx.Response(200, json={})

    return answer


def taken(answer: Callable[[httpx.Request], httpx.Response], **content: object) -> dict[str, object]:
    client = dispatch.Dispatch("dispatch", "http://dispatch", httpx.MockTransport(answer))
    return client.take_step("token", "id", "milestones", content, key="k1", language="en")
