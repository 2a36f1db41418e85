"""One way to ask a service: time-outs, one careful second try, and answers told apart from refusals."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from libs.common.telemetry import current_traceparent
from services.portal.domain.answers import ServiceUnavailable, SignInNeeded, refusal

Answer = dict[str, Any]

TIMEOUT = httpx.Timeout(connect=1.0, read=5.0, write=5.0, pool=1.0)
LONG_TIMEOUT = httpx.Timeout(connect=1.0, read=30.0, write=5.0, pool=1.0)
UPLOAD_TIMEOUT = httpx.Timeout(connect=1.0, read=20.0, write=20.0, pool=1.0)
NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError, httpx.ReadError)


class ServiceClient:
    """Asks one service. A request is sent a second time only when the connection failed and a second
    copy does no harm: a read, or a write that carries an Idempotency-Key."""

    def __init__(self, name: str, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self.name = name
        self._http = httpx.Client(base_url=url.rstrip("/"), timeout=TIMEOUT, transport=transport, trust_env=False)

    def get(self, path: str, *, token: str | None = None, **parameters: str | int | None) -> Answer:
        """Raises ServiceUnavailable, SignInNeeded or RequestRefused, as `post` does."""
        given = {name: value for name, value in parameters.items() if value not in (None, "")}
        return self._ask("GET", path, token=token, again=True, params=given)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        key: str | None = None,
        language: str | None = None,
        seen: int | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> Answer:
        """`key` is the Idempotency-Key; without one the request is never repeated. `seen`: refused with 412 unless
        this is still the newest revision."""
        again = key is not None
        said: dict[str, Any] = {"json": body or {}, "timeout": timeout}
        return self._ask("POST", path, token=token, key=key, language=language, seen=seen, again=again, **said)

    def put(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        token: str,
        language: str,
        key: str | None = None,
        seen: int | None = None,
    ) -> Answer:
        """A second copy of it changes nothing; with a key it is answered as the first. `seen` as in `post`."""
        return self._ask("PUT", path, token=token, language=language, key=key, seen=seen, again=True, json=body)

    def delete(self, path: str, *, token: str, seen: int | None = None) -> Answer:
        return self._ask("DELETE", path, token=token, seen=seen)

    def upload(
        self, path: str, name: str, content: bytes, content_type: str, *, key: str, token: str | None = None
    ) -> Answer:
        """The parts are divided by the key, so that a second copy is the same to the last byte."""
        return self._ask(
            "POST",
            path,
            token=token,
            key=key,
            again=True,
            kind=f"multipart/form-data; boundary={key}",
            files={"file": (name, content, content_type)},
            timeout=UPLOAD_TIMEOUT,
        )

    @contextmanager
    def file(self, path: str, *, token: str, body: Mapping[str, Any] | None = None) -> Iterator[httpx.Response]:
        """A file of the service, read as it is handed on; `body`: what it is to be made from."""
        asked: dict[str, Any] = {"method": "GET"} if body is None else {"method": "POST", "json": body}
        try:
            with self._http.stream(url=path, headers=_headers(token), **asked) as response:
                if response.is_error:
                    response.read()
                self._judge(response)
                yield response
        except httpx.HTTPError as failure:
            raise ServiceUnavailable(self.name) from failure

    def _ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        key: str | None = None,
        language: str | None = None,
        kind: str | None = None,
        seen: int | None = None,
        again: bool = False,
        **content: Any,
    ) -> Answer:
        headers = _headers(token, key, language, kind, seen)
        try:
            try:
                response = self._http.request(method, path, headers=headers, **content)
            except NOT_REACHED:
                if not again:
                    raise
                response = self._http.request(method, path, headers=headers, **content)
        except httpx.HTTPError as failure:
            raise ServiceUnavailable(self.name) from failure
        self._judge(response)
        return self._read(response)

    def _judge(self, response: httpx.Response) -> None:
        if response.status_code == 401:
            raise SignInNeeded
        if response.is_client_error:
            raise refusal(response.status_code, _document(response))
        if not response.is_success:
            raise ServiceUnavailable(self.name)

    def _read(self, response: httpx.Response) -> Answer:
        if not response.content:
            return {}
        document = _document(response)
        if not isinstance(document, dict):
            raise ServiceUnavailable(self.name)
        return document


def _headers(
    token: str | None,
    key: str | None = None,
    language: str | None = None,
    kind: str | None = None,
    seen: int | None = None,
) -> dict[str, str]:
    wanted = {
        "Authorization": f"Bearer {token}" if token else None,
        "Idempotency-Key": key,
        "Accept-Language": language,
        "Content-Type": kind,
        "If-Match": None if seen is None else f'"{seen}"',
        "traceparent": current_traceparent(),
    }
    return {name: value for name, value in wanted.items() if value}


def _document(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
