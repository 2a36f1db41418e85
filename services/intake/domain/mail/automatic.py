"""Machines from people: what never opens a complaint, and what must never be answered (RFC 3834, T20)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message

from services.intake.domain.mail.headers import raw_value, raw_values

SAYS_AUTOMATIC = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-AutoReply-From",
    "X-Mail-Autoreply",
    "X-MS-Exchange-Inbox-Rules-Loop",
)
ASKS_FOR_NO_ANSWER = ("List-Id", "List-Unsubscribe", "X-Loop")
SUPPRESSES = re.compile(r"\b(?:all|autoreply|oof|dr|ndr|rn|nrn)\b", re.IGNORECASE)
MACHINE_SENDER = re.compile(
    r"(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?)(?:[-+_.=].*)?@",
    re.IGNORECASE,
)
AUTOMATIC_SUBJECT = re.compile(
    r"(?:自动回复|自動回覆|自动答复|自動答覆|自動返信)\s*[:：]"
    r"|(?:auto|automatic reply|autoreply|auto-reply|undeliverable)\s*[:：]"
    r"|(?:out of office|不在办公室|不在辦公室|不在通知|系统退信|系統退信|退信|退信通知)\s*(?:[:：]|$)"
    r"|(?:undelivered mail returned to sender|delivery status notification|邮件投递失败|郵件投遞失敗)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Verdict:
    """`why` names what told the two, for the record; empty for mail from a person who may be answered."""

    is_automatic: bool
    may_be_answered: bool
    why: tuple[str, ...]


def judge(message: Message, from_address: str, subject: str, own_addresses: Collection[str]) -> Verdict:
    """Automatic mail opens no complaint and is not answered; mail of lists and of ourselves is not answered.

    A list is not a machine: a resident may complain through one.
    """
    automatic = _signs_of_a_machine(message, from_address, subject)
    unanswerable = _signs_of_no_answer(message, from_address, own_addresses)
    return Verdict(bool(automatic), not (automatic or unanswerable), tuple(automatic + unanswerable))


def _signs_of_a_machine(message: Message, from_address: str, subject: str) -> list[str]:
    signs = []
    submitted = _word(message, "Auto-Submitted")
    if submitted and submitted != "no":
        signs.append(f"Auto-Submitted: {submitted}")
    precedence = _word(message, "Precedence")
    if precedence in ("bulk", "junk", "auto_reply"):
        signs.append(f"Precedence: {precedence}")
    signs += [name for name in SAYS_AUTOMATIC if _word(message, name) not in ("", "no", "false", "0")]
    if "autoresponder" in raw_value(message, "X-POST-MessageClass").lower():
        signs.append("X-POST-MessageClass: Autoresponder")
    if any(value.lower() == "autoresponder" for value in raw_values(message, "Delivered-To")):
        signs.append("Delivered-To: Autoresponder")
    if any(re.fullmatch(r"<\s*>", value) for value in raw_values(message, "Return-Path")):
        signs.append("Return-Path: <>")
    if message.get_content_type() == "multipart/report":
        signs.append("multipart/report")
    if MACHINE_SENDER.match(from_address):
        signs.append("the sender is a machine by its name")
    if AUTOMATIC_SUBJECT.match(subject):
        signs.append("the subject of an automatic reply")
    return signs


def _signs_of_no_answer(message: Message, from_address: str, own_addresses: Collection[str]) -> list[str]:
    signs = [name for name in ASKS_FOR_NO_ANSWER if raw_value(message, name)]
    if _word(message, "Precedence") == "list":
        signs.append("Precedence: list")
    if SUPPRESSES.search(raw_value(message, "X-Auto-Response-Suppress")):
        signs.append("X-Auto-Response-Suppress")
    if not from_address:
        signs.append("no sender")
    elif from_address in {address.lower() for address in own_addresses}:
        signs.append("our own address")
    return signs


def _word(message: Message, name: str) -> str:
    """The value of a header before any parameter, in lower case."""
    return re.split(r"[;(\s]", raw_value(message, name), maxsplit=1)[0].lower()
