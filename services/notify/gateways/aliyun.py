"""SMS by Aliyun Dysmsapi (SendSms, version 2017-05-25), signed ACS3-HMAC-SHA256, and its delivery reports."""

import asyncio
import hashlib
import hmac
import json
import logging
import re
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx

from services.notify.domain.message import (
    DeliveryReport,
    Handed,
    Message,
    Outcome,
    Refused,
    ReportNotUnderstood,
    Uncertain,
)

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 15.0
ALGORITHM = "ACS3-HMAC-SHA256"
# Shorter than any provider keeps a silent connection: one that it closes as we write makes an SMS uncertain.
KEPT_SECONDS = 3.0
LONGEST_ANSWER = 64 * 1024

# Trying again cannot help: the number, the template or its values are wrong. Everything else (limits,
# balance, keys, the service itself) may be put right while the notice waits.
PERMANENT = frozenset(
    {
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_SIGN_ILLEGAL",
        "isv.SIGN_NAME_ILLEGAL",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "isv.INVALID_PARAMETERS",
        "isv.INVALID_JSON_PARAM",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL",
    }
)

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_REFERENCE = re.compile(r"[!-~]{1,256}")
_NUMBER = re.compile(r"\+[1-9][0-9]{4,14}")
_REPORT_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class AliyunAccount:
    """The account that sends. `endpoint` has no path: https://dysmsapi.aliyuncs.com"""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    endpoint: str = "https://dysmsapi.aliyuncs.com"


class AliyunSms:
    """The SMS gateway. OutId is only echoed in reports, not used to recognise a copy: not repeatable."""

    repeatable = False

    def __init__(
        self, account: AliyunAccount, *, nonce: Callable[[], str], total_seconds: float = TOTAL_SECONDS
    ) -> None:
        """`nonce` gives a fresh unguessable text for every request."""
        self._account = account
        self._nonce = nonce
        self._line = _Line(total_seconds)
        # httpx logs every address it calls, and ours hold telephone numbers.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    def send(self, message: Message, now: datetime) -> Outcome:
        """Send one approved template to one number. At most TOTAL_SECONDS."""
        if message.template_code is None:
            return Refused(True, "there is no approved template for this notice")
        if not _NUMBER.fullmatch(message.to):
            return Refused(True, "not a telephone number in international form")
        url, headers = signed_request(self._account, parameters(message), now, self._nonce())
        try:
            return read_answer(*self._line.post(url, headers))
        except (httpx.ConnectError, httpx.ConnectTimeout) as trouble:
            return Refused(False, f"aliyun: {type(trouble).__name__}")
        except (httpx.HTTPError, TimeoutError) as trouble:
            return Uncertain(f"aliyun: {type(trouble).__name__} after the request was sent")


class _Line:
    """Kept connections to the provider, in an event loop of their own, for httpx limits each read and not
    their sum: only a cancelled task bounds the whole."""

    def __init__(self, total_seconds: float) -> None:
        self._total_seconds = total_seconds
        self._loop = asyncio.new_event_loop()
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(total_seconds, connect=CONNECT_SECONDS),
            limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS),
            trust_env=False,
        )
        threading.Thread(target=_turn, args=(self._loop,), name="aliyun", daemon=True).start()
        weakref.finalize(self, self._loop.call_soon_threadsafe, _hang_up, self._loop, self._client)

    def post(self, url: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body. Raises httpx.HTTPError, TimeoutError."""
        return asyncio.run_coroutine_threadsafe(self._post(url, headers), self._loop).result()

    async def _post(self, url: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        async with (
            asyncio.timeout(self._total_seconds),
            self._client.stream("POST", url, headers=headers) as answer,
        ):
            body = b""
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > LONGEST_ANSWER:
                    break
            return answer.status_code, body


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


def _hang_up(loop: asyncio.AbstractEventLoop, client: httpx.AsyncClient) -> None:
    """Close what is kept, then end the loop; called within it."""
    loop.create_task(client.aclose()).add_done_callback(lambda _: loop.stop())


def parameters(message: Message) -> dict[str, str]:
    """The parameters of SendSms. Mainland numbers go without their country code, others without the plus."""
    return {
        "PhoneNumbers": message.to.removeprefix("+86") if message.to.startswith("+86") else message.to[1:],
        "SignName": message.sender_name,
        "TemplateCode": message.template_code or "",
        "TemplateParam": json.dumps(dict(message.slots), ensure_ascii=False),
        "OutId": message.message_key,
    }


def signed_request(
    account: AliyunAccount, query: Mapping[str, str], now: datetime, nonce: str
) -> tuple[str, dict[str, str]]:
    """The URL and headers of a signed SendSms call. The provider allows `now` to be 15 minutes wrong."""
    headers = {
        "host": httpx.URL(account.endpoint).netloc.decode("ascii"),
        "x-acs-action": "SendSms",
        "x-acs-version": "2017-05-25",
        "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
    }
    canonical = canonical_request("POST", "/", query, headers)
    names = ";".join(sorted(headers))
    signed = signature(account.access_key_secret, canonical)
    headers["authorization"] = (
        f"{ALGORITHM} Credential={account.access_key_id},SignedHeaders={names},Signature={signed}"
    )
    headers["accept-encoding"] = "identity"
    return f"{account.endpoint.rstrip('/')}/?{canonical_query(query)}", headers


def canonical_query(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(key, safe='')}={quote(query[key], safe='')}" for key in sorted(query))


def canonical_request(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """What ACS3 signs. `headers` are the signed ones, names in lower case, x-acs-content-sha256 included."""
    lines = [f"{name}:{headers[name].strip()}\n" for name in sorted(headers)]
    parts = [method, path, canonical_query(query), "".join(lines), ";".join(sorted(headers))]
    return "\n".join([*parts, headers["x-acs-content-sha256"]])


def signature(access_key_secret: str, canonical: str) -> str:
    text = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(access_key_secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def read_answer(status: int, body: bytes) -> Outcome:
    """What the provider's answer means. A server error without a plain refusal leaves it uncertain."""
    answer = _json(body)
    code = answer.get("Code") if isinstance(answer, dict) else None
    if isinstance(answer, dict) and status == 200 and code == "OK":
        reference = answer.get("BizId")
        return Handed(reference if isinstance(reference, str) else "")
    reason = f"aliyun: {code if isinstance(code, str) and _CODE.fullmatch(code) else f'HTTP {status}'}"
    if status in (429, 503):
        return Refused(False, reason)
    if status >= 500 or (status == 200 and not isinstance(code, str)):
        return Uncertain(reason)
    return Refused(code in PERMANENT, reason)


def read_report(body: bytes) -> list[DeliveryReport]:
    """The deliveries an SmsReport push tells of. Raises ReportNotUnderstood."""
    content = _json(body)
    if not isinstance(content, list):
        raise ReportNotUnderstood("", "expected a JSON array of delivery reports")
    return [_delivery_report(f"/{number}", item) for number, item in enumerate(content)]


def _delivery_report(pointer: str, item: Any) -> DeliveryReport:
    if not isinstance(item, dict):
        raise ReportNotUnderstood(pointer, "expected an object")
    arrived = item.get("success")
    if not isinstance(arrived, bool):
        raise ReportNotUnderstood(f"{pointer}/success", "expected true or false")
    out_id, code = item.get("out_id"), item.get("err_code")
    return DeliveryReport(
        provider_reference=_reference(item.get("biz_id"), f"{pointer}/biz_id"),
        message_key=_reference(out_id, f"{pointer}/out_id") if out_id else None,
        arrived=arrived,
        reason=code if isinstance(code, str) and _CODE.fullmatch(code) else "no code",
        reported_at=_beijing_time(item.get("report_time"), f"{pointer}/report_time"),
    )


def _reference(value: Any, pointer: str) -> str:
    if isinstance(value, str) and _REFERENCE.fullmatch(value):
        return value
    raise ReportNotUnderstood(pointer, "expected up to 256 printable ASCII characters")


def _beijing_time(value: Any, pointer: str) -> datetime:
    try:
        moment = datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_REPORT_ZONE)
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise ReportNotUnderstood(pointer, "expected YYYY-MM-DD HH:MM:SS, Beijing time") from None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
