"""Mail by SMTP (RFC 5321), marked as automatic (RFC 3834) so that no machine answers it."""

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from time import monotonic
from typing import Literal

from services.notify.domain.message import Handed, Message, Outcome, Refused, Uncertain
from services.notify.domain.templates import one_line, plain_lines

STEP_SECONDS = 30.0
TOTAL_SECONDS = 90.0

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_ENHANCED = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")
_WIRE = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """Where and as whom we submit mail. `return_path` is the envelope sender, where it differs from
    `sender`; empty means the null return path. No login without `username`."""

    host: str
    port: int
    sender: str
    tls: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: str = field(default="", repr=False)
    return_path: str | None = None

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


class SmtpMail:
    """The mail gateway. A mail sent twice keeps its Message-ID, so mail is repeatable."""

    repeatable = True

    def __init__(
        self,
        server: SmtpServer,
        *,
        tls_context: ssl.SSLContext | None = None,
        step_seconds: float = STEP_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._server = server
        self._tls_context = tls_context or ssl.create_default_context()
        self._step_seconds = step_seconds
        self._total_seconds = total_seconds

    def send(self, message: Message, now: datetime) -> Outcome:
        """Submit one mail. Trouble with the server itself (connection, TLS, login) is temporary; what it
        says to the mail is by its code, 4xx temporary, 5xx permanent."""
        if not is_address(message.to):
            return Refused(True, "the address cannot be written to")
        mail = compose(message, self._server, now)
        limit = _Limit(self._step_seconds, self._total_seconds)
        try:
            with contextlib.closing(self._open(limit)) as smtp:
                outcome = self._submit(smtp, message.to, mail, limit)
                if not isinstance(outcome, Uncertain):
                    _say_goodbye(smtp, limit)
                return outcome
        except smtplib.SMTPResponseException as answer:
            return Refused(False, f"mail server: {_code(answer.smtp_code, answer.smtp_error)}")
        except smtplib.SMTPNotSupportedError:
            return Refused(False, "mail server: does not offer what the settings ask for")
        except (smtplib.SMTPException, OSError) as trouble:
            return Refused(False, f"mail server: {type(trouble).__name__}")

    def _open(self, limit: "_Limit") -> smtplib.SMTP:
        """Connected, secured and logged in, as configured; never less secure than configured."""
        server = self._server
        # Naming ourselves spares a reverse look-up of our own address.
        smtp = (
            smtplib.SMTP_SSL(server.host, server.port, server.domain, timeout=limit.left(), context=self._tls_context)
            if server.tls == "tls"
            else smtplib.SMTP(server.host, server.port, server.domain, timeout=limit.left())
        )
        try:
            if server.tls == "starttls":
                limit.on(smtp).starttls(context=self._tls_context)
            if server.username is not None:
                limit.on(smtp).login(server.username, server.password)
            limit.on(smtp).ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError):
            smtp.close()
            raise
        return smtp

    def _submit(self, smtp: smtplib.SMTP, to: str, mail: EmailMessage, limit: "_Limit") -> Outcome:
        server = self._server
        sender = server.sender if server.return_path is None else server.return_path
        code, words = limit.on(smtp).mail(sender)
        if code == 250:
            code, words = limit.on(smtp).rcpt(to)
        if code not in (250, 251):
            return _refused(code, words)
        try:
            code, words = limit.on(smtp).data(mail.as_bytes())
        except smtplib.SMTPDataError as answer:
            return _refused(answer.smtp_code, answer.smtp_error)
        except (smtplib.SMTPException, OSError) as trouble:
            return Uncertain(f"mail server: {type(trouble).__name__} after the mail was sent")
        return Handed(str(mail["Message-ID"])) if 200 <= code <= 299 else _refused(code, words)


def is_address(text: str) -> bool:
    """Whether the text is one plain address (RFC 5321 dot-string, ASCII, at most 254 characters)."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def message_id(message_key: str, server: SmtpServer) -> str:
    return f"<{message_key}@{server.domain}>"


def compose(message: Message, server: SmtpServer, now: datetime) -> EmailMessage:
    """The mail as it goes out. Whatever the values hold, every header appears once and on its own."""
    mail = EmailMessage(policy=_WIRE)
    mail["From"] = Address(_name(message.sender_name), addr_spec=server.sender)
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = _header_text(message.subject or message.sender_name)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.message_key, server)
    if message.in_reply_to is not None and _MESSAGE_ID.fullmatch(message.in_reply_to):
        mail["In-Reply-To"] = message.in_reply_to
        mail["References"] = message.in_reply_to
    mail["Auto-Submitted"] = "auto-replied" if message.in_reply_to else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Precedence"] = "auto_reply"
    if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", message.language):
        mail["Content-Language"] = message.language
    mail.set_content(plain_lines(message.text) + "\n")
    return mail


class _Limit:
    """Each step may take the step's time, or what is left of the whole, if that is less."""

    def __init__(self, step_seconds: float, total_seconds: float) -> None:
        self._step_seconds = step_seconds
        self._ends = monotonic() + total_seconds

    def left(self) -> float:
        left = min(self._step_seconds, self._ends - monotonic())
        if left <= 0:
            raise TimeoutError("the mail server took too long")
        return left

    def on(self, smtp: smtplib.SMTP) -> smtplib.SMTP:
        if smtp.sock is not None:
            smtp.sock.settimeout(self.left())
        return smtp


def _say_goodbye(smtp: smtplib.SMTP, limit: _Limit) -> None:
    # The mail's fate is known; a server that hangs up early changes nothing.
    with contextlib.suppress(smtplib.SMTPException, OSError):
        limit.on(smtp).quit()


def _refused(code: int, words: bytes | str) -> Refused:
    return Refused(500 <= code <= 599, f"mail server: {_code(code, words)}")


def _code(code: int, words: bytes | str) -> str:
    """The codes only: the words often repeat the address."""
    enhanced = _ENHANCED.match(words if isinstance(words, bytes) else words.encode("ascii", "replace"))
    return f"{code} {enhanced.group(1).decode()}" if enhanced else str(code)


def _header_text(text: str) -> str:
    # An encoded word in the text would be decoded again by the mail library, line ends and all.
    return one_line(text).replace("=?", "= ?")


def _name(text: str) -> str:
    # Folding a long non-ASCII name loses the quotes that make a comma harmless, so the specials go.
    return one_line(re.sub(r'[()<>\[\]:;@\\,."]', " ", _header_text(text)))[:64].strip()
