"""A mail server that takes every mail and shows it."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from libs.common.testing.partners.faults import Fault, Faults


@dataclass(frozen=True, kw_only=True)
class ReceivedMail:
    """One accepted mail, with the envelope it came in; `envelope_from` is empty for the null return path."""

    envelope_from: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"] or "").strip()

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The plain text with `\\n` line ends; empty when the mail has none."""
        part = self.message.get_body(preferencelist=("plain",))
        return part.get_content().replace("\r\n", "\n") if part is not None else ""


class MailPartner:
    """Serves from `with` or `start` until `stop`. `received` holds what was accepted, oldest first.

    With `tls` the server offers STARTTLS and takes no mail without it, or speaks TLS at once (port 465).
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        tls_at_once: bool = False,
    ) -> None:
        self.received: list[ReceivedMail] = []
        self._faults = Faults()
        self._listening = socket.create_server((host, port))
        self.host = host
        self.port: int = self._listening.getsockname()[1]
        self._controller = _Controller(self, self._listening, tls, tls_at_once)

    def refuse(self, times: int = 1, answer: str = "451 4.3.0 Try again later") -> None:
        """The next mails get this answer instead of being taken; 4xx or 5xx."""
        self._faults.add(Fault("refuse", answer), times)

    def drop_answers(self, times: int = 1) -> None:
        """The next mails are taken, then the connection closes without an answer."""
        self._faults.add(Fault("drop"), times)

    def hang(self, times: int = 1) -> None:
        """The next mails are taken and never answered."""
        self._faults.add(Fault("hang"), times)

    def copies(self, message_id: str) -> int:
        """How many mails came with this Message-ID."""
        return sum(mail.message_id == message_id for mail in list(self.received))

    def start(self) -> "MailPartner":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()
        self._listening.close()

    def __enter__(self) -> "MailPartner":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd with a whole mail; what it returns is the answer."""
        fault = self._faults.next()
        if fault is not None and fault.kind == "refuse":
            return fault.answer
        self.received.append(received(envelope))
        if fault is not None and fault.kind == "hang":
            await asyncio.Event().wait()
        if fault is not None:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return f"250 2.0.0 OK queued as {len(self.received)}"


def received(envelope: Envelope) -> ReceivedMail:
    raw = envelope.original_content or b""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return ReceivedMail(
        envelope_from=(envelope.mail_from or "").removeprefix("<>"),
        recipients=tuple(envelope.rcpt_tos),
        message=message,
        raw=raw,
    )


class _Controller(Controller):
    """aiosmtpd's server thread on a socket that is bound already: a free port is known before it starts."""

    def __init__(
        self, partner: MailPartner, listening: socket.socket, tls: ssl.SSLContext | None, tls_at_once: bool
    ) -> None:
        self._listening = listening
        host, port = listening.getsockname()[:2]
        super().__init__(
            partner,
            hostname=host,
            port=port,
            ssl_context=tls if tls_at_once else None,
            tls_context=None if tls_at_once else tls,
            require_starttls=tls is not None and not tls_at_once,
            server_hostname="partners.example",
        )

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)
