"""An SMS provider that behaves like Aliyun Dysmsapi (SendSms, 2017-05-25) and keeps what it was given."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from libs.common.testing.partners.acs3 import Call, CallRefused, Guard, sent_at
from libs.common.testing.partners.faults import Fault, Faults

ACCESS_KEYS = {"demo-key": "demo-secret"}
REQUIRED = ("PhoneNumbers", "SignName", "TemplateCode")
MOST_NUMBERS = 1_000
BEIJING = timedelta(hours=8)
PHONE = re.compile(r"(?:\+|00)?\d{5,15}")
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class SentSms:
    """One accepted message. `text` is the approved template filled in, where the provider knows it."""

    phone: str
    sign_name: str
    template_code: str
    variables: dict[str, str]
    text: str
    out_id: str
    biz_id: str
    sent_at: datetime


class SmsPartner:
    """Serves from `with` or `start` until `stop`. `sent` holds what was accepted, oldest first.

    `templates` maps the known codes to their approved text with `${name}` holes, `sign_names` are the
    registered signatures; None knows them all. Without `now` the time of a call is not compared.
    `connections` counts those that were opened.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        access_keys: Mapping[str, str] = ACCESS_KEYS,
        now: Callable[[], datetime] | None = None,
        templates: Mapping[str, str] | None = None,
        sign_names: Collection[str] | None = None,
    ) -> None:
        self.sent: list[SentSms] = []
        self._guard = Guard(access_keys, now)
        self._templates = templates
        self._sign_names = sign_names
        self._faults = Faults()
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self.connections = 0
        self._server = _Server((host, port), self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://{host}:{self.port}"

    def refuse(self, times: int = 1, code: str = "isp.SYSTEM_ERROR") -> None:
        """The next calls are answered with this error code."""
        self._faults.add(Fault("refuse", code), times)

    def answer_unavailable(self, times: int = 1) -> None:
        """The next calls get a bare 503."""
        self._faults.add(Fault("unavailable"), times)

    def drop_answers(self, times: int = 1) -> None:
        """The next calls are accepted, then the connection closes without an answer."""
        self._faults.add(Fault("drop"), times)

    def hang(self, times: int = 1) -> None:
        """The next calls are accepted and never answered."""
        self._faults.add(Fault("hang"), times)

    def copies(self, out_id: str) -> int:
        """How many accepted messages carry this OutId; the provider itself recognises no copies."""
        return sum(sms.out_id == out_id for sms in list(self.sent))

    def next_fault(self) -> Fault | None:
        return self._faults.next()

    def accept(self, call: Call) -> dict[str, str]:
        """The answer to a good call, whose messages are then in `sent`. Raises CallRefused."""
        with self._lock:
            self._guard.check(call)
            accepted = self._read(call)
            self.sent.extend(accepted)
            count = len(self.sent)
        return {
            "Message": "OK",
            "Code": "OK",
            "BizId": accepted[0].biz_id,
            "RequestId": request_id(count),
        }

    def hang_up(self) -> None:
        """Close the connections that callers keep."""
        self._server.hang_up()

    def start(self) -> "SmsPartner":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self.hang_up()
        self._server.server_close()

    def __enter__(self) -> "SmsPartner":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _read(self, call: Call) -> list[SentSms]:
        if (call.headers["x-acs-action"], call.headers["x-acs-version"]) != ("SendSms", "2017-05-25"):
            raise CallRefused(404, "InvalidAction.NotFound", "Specified api is not found.")
        fields = fields_of(call)
        phones = phones_of(fields["PhoneNumbers"])
        variables = self._variables(fields)
        template = (self._templates or {}).get(fields["TemplateCode"], "")
        text = re.sub(r"\$\{(\w+)\}", lambda hole: variables[hole[1]], template)
        return [
            SentSms(
                phone=phone,
                sign_name=fields["SignName"],
                template_code=fields["TemplateCode"],
                variables=variables,
                text=text and f"【{fields['SignName']}】{text}",
                out_id=fields.get("OutId", ""),
                biz_id=f"{900_000_000_000_000_000 + len(self.sent)}^0",
                sent_at=sent_at(call),
            )
            for phone in phones
        ]

    def _variables(self, fields: Mapping[str, str]) -> dict[str, str]:
        if self._sign_names is not None and fields["SignName"] not in self._sign_names:
            raise business_error("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名")
        if self._templates is not None and fields["TemplateCode"] not in self._templates:
            raise business_error("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板")
        if len(fields.get("OutId", "")) > 256:
            raise business_error("isv.PARAM_LENGTH_LIMIT", "参数超过长度限制")
        try:
            variables = json.loads(fields.get("TemplateParam") or "{}")
        except ValueError:
            variables = None
        if not isinstance(variables, dict) or not all(isinstance(v, str) for v in variables.values()):
            raise business_error("isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值")
        wanted = re.findall(r"\$\{(\w+)\}", (self._templates or {}).get(fields["TemplateCode"], ""))
        if any(not variables.get(name) for name in wanted):
            raise business_error("isv.TEMPLATE_MISSING_PARAMETERS", "模板缺少变量")
        if any(LINK.search(value) for value in variables.values()):
            raise business_error("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL")
        return variables


def fields_of(call: Call) -> dict[str, str]:
    """The call's parameters, from the query and from a form body. Raises CallRefused when one lacks."""
    fields = dict(parse_qsl(call.query, keep_blank_values=True))
    if "application/x-www-form-urlencoded" in call.headers.get("content-type", ""):
        fields |= dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    for name in REQUIRED:
        if not fields.get(name):
            raise CallRefused(400, f"Missing{name}", f"{name} is mandatory for this action.")
    return fields


def phones_of(text: str) -> list[str]:
    phones = text.split(",")
    if len(phones) > MOST_NUMBERS:
        raise business_error("isv.MOBILE_COUNT_OVER_LIMIT", "手机号码数量超过限制")
    if not all(PHONE.fullmatch(phone) for phone in phones):
        raise business_error("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号")
    return phones


def delivery_report(sms: SentSms, *, arrived: bool = True, code: str | None = None) -> dict[str, Any]:
    """One line of the SmsReport the provider would push for this message: times in Beijing, number masked."""
    return {
        "phone_number": f"{sms.phone[:-4]}****",
        "send_time": (sms.sent_at + BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
        "report_time": (sms.sent_at + BEIJING + timedelta(seconds=3)).strftime("%Y-%m-%d %H:%M:%S"),
        "success": arrived,
        "err_code": code or ("DELIVERED" if arrived else "MK:0001"),
        "err_msg": "用户接收成功" if arrived else "用户接收失败",
        "sms_size": "1",
        "biz_id": sms.biz_id,
        "out_id": sms.out_id,
    }


def business_error(code: str, words: str) -> CallRefused:
    """The provider tells its business errors with HTTP 200."""
    return CallRefused(200, code, words)


def request_id(number: int) -> str:
    return f"{number:08X}-0000-4000-8000-000000000000"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A call that hangs must not hold up the end.
    block_on_close = False

    def __init__(self, address: tuple[str, int], partner: SmsPartner) -> None:
        self.partner = partner
        self._kept: set[socket] = set()
        super().__init__(address, _Request)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.partner.connections += 1
        self._kept.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._kept.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close what callers keep open."""
        for kept in list(self._kept):
            with suppress(OSError):
                kept.shutdown(SHUT_RDWR)


class _Request(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"  # connections are kept
    timeout = 30

    def do_GET(self) -> None:
        if self.path != "/__sent":
            return self._answer(404, {"Code": "NotFound"})
        sent = list(self.server.partner.sent)
        copies = Counter(sms.out_id for sms in sent)
        items = [asdict(sms) | {"sent_at": sms.sent_at.isoformat(), "copies": copies[sms.out_id]} for sms in sent]
        return self._answer(200, {"items": items})

    def do_POST(self) -> None:
        call = self._call()
        fault = self.server.partner.next_fault()
        if fault is not None and fault.kind == "unavailable":
            return self._answer(503, None)
        try:
            if fault is not None and fault.kind == "refuse":
                raise business_error(fault.answer, "refused on request")
            answer: dict[str, str] = self.server.partner.accept(call)
        except CallRefused as refused:
            host = call.headers.get("host", "")
            words = {"Code": refused.code, "Message": refused.words}
            return self._answer(refused.status, words | {"RequestId": request_id(0), "HostId": host})
        if fault is None:
            return self._answer(200, answer)
        if fault.kind == "hang":
            self.server.partner.stopping.wait()
        self.close_connection = True
        self.connection.shutdown(SHUT_RDWR)
        return None

    def log_message(self, *_: object) -> None:
        """Silent: the address line holds telephone numbers."""

    def _call(self) -> Call:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Call("POST", parts.path or "/", parts.query, headers, body)

    def _answer(self, status: int, content: object) -> None:
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
