"""What is new in a reply: the text without the mail it quotes and without the client's signature."""

import re
from dataclasses import dataclass
from itertools import dropwhile

SHORT_NOTE = 20  # characters above a forwarded mail that are no complaint of their own
HEADER_LINES = 8

FORWARD = re.compile(
    r"[-_=\s]*(?:转发的邮件|轉寄的郵件|轉寄郵件|转发邮件信息|転送メッセージ|(?:Begin )?forwarded message)"
    r"\s*[:：]?[-_=\s]*",
    re.IGNORECASE,
)
ORIGINAL = re.compile(
    r"[-_=\s]*-{2,}\s*(?:原始邮件|原始郵件|原邮件|原郵件|Original Message|Original|Ursprüngliche Nachricht"
    r"|Message d'origine|元のメッセージ|Original Email)\s*-{2,}[-_=\s]*",
    re.IGNORECASE,
)
WROTE = re.compile(
    r"在\s?\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日.{0,200}写道[:：]"
    r"|.{0,80}[於于]\s?\d{4}\s?年.{0,200}(?:写道|寫道)[:：]"
    r"|\S.{0,120}<[^<>\s]{1,120}@[^<>\s]{1,120}>\s*[于於]?.{0,80}(?:写道|寫道)[:：]"
    r"|在\s?\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.{0,200}(?:写道|寫道)[:：]"
    r"|(?:On|At)\s(?=.*(?:\d{4}|\d:\d\d|@)).{1,250}(?:(?<!\bI )wrote|写道|寫道)\s?[:：]"
    r"|\S.{0,120}<[^<>\s]{1,120}@[^<>\s]{1,120}>\s+wrote\s?:"
    r"|Le\s.{1,250}écrit\s?:|Am\s.{1,250}schrieb\b.{0,120}:|El\s.{1,250}escribió\s?:"
    r"|\d{4}/\d{1,2}/\d{1,2}.{0,160}のメッセージ[:：]",
    re.IGNORECASE,
)
BROKEN_WROTE = re.compile(r"(?:On|At|Le|Am|El)\s|在|[於于]\s?\d|.{1,120}<", re.IGNORECASE)
# Anybody may write a date and a colon; only quoted lines below make it the head of a quotation.
DATED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日.{0,160}[:：]")
FROM_LINE = re.compile(
    r"\*?(?:发件人|發件人|寄件者|寄件人|From|差出人|送信者|Von|De)\s?\*?[:：]\*?\s*\S", re.IGNORECASE
)
DATE_LINE = re.compile(
    r"\*?(?:发送时间|發送時間|发送日期|日期|时间|時間|寄件日期|傳送時間|Sent|Date|送信日時|日時|Gesendet|Envoyé)\s?\*?[:：]",
    re.IGNORECASE,
)
TO_LINE = re.compile(r"\*?(?:收件人|收件者|To|宛先|An|À)\s?\*?[:：]", re.IGNORECASE)
HEADER_LINE = re.compile(
    r"\*?(?:发件人|發件人|寄件者|寄件人|发送时间|發送時間|发送日期|日期|时间|時間|寄件日期|傳送時間|收件人|收件者"
    r"|抄送|副本|主题|主題|主旨|差出人|送信者|送信日時|日時|宛先|件名|From|Sent|Date|To|Cc|Subject|Reply-To)"
    r"\s?\*?[:：]",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"(?:发自|發自|来自|來自)\s?(?:我的|我的\s)?.{0,30}"
    r"(?:iPhone|iPad|手机|手機|Outlook|QQ邮箱|网易邮箱|邮箱大师|新浪邮箱|华为|小米|安卓|Android|Foxmail|客户端|移动版).{0,20}"
    r"|[从從]\s?(?:我的\s?)?.{0,30}(?:iPhone|iPad|Windows|手机|手機).{0,20}(?:发送|發送|傳送|寄出)"
    r"|(?:Sent|Get) (?:from|via) (?:my |the )?[\w .'-]{1,60}|Get Outlook for \w{1,20}.{0,60}"
    r"|(?:iPhone|iPad|Android)から送信",
    re.IGNORECASE,
)
FORWARDING_SUBJECT = re.compile(r"(?:fwd?|wg|tr|转发|轉發|轉寄|転送)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True)
class _Cut:
    """Lines `start` to `end` introduce the quoted mail."""

    start: int
    end: int
    forwards: bool = False
    attributes: bool = False  # "… wrote:", after which answers may stand between quoted lines


def without_quotes(text: str, subject: str = "") -> str:
    """The sender's own words; the quoted mail is kept where nothing else is said or where it was forwarded.

    A forward (by its marker, or by the subject) with at most 20 characters above it keeps the forwarded
    body without its header lines: there the quoted mail is the complaint.
    """
    lines = text.replace("\r\n", "\n").replace("\u00a0", " ").replace("&nbsp;", " ").split("\n")
    cut = _first_cut(lines)
    if cut is None:
        own = _own_words(lines)
        return own or text.strip()
    above = _own_words(lines[: cut.start])
    forwards = cut.forwards or bool(FORWARDING_SUBJECT.match(subject.strip()))
    if forwards and len(above) <= SHORT_NOTE:
        return "\n\n".join(filter(None, (above, _forwarded(lines[cut.end :])))) or text.strip()
    below = _own_words(lines[cut.end :]) if cut.attributes and _quotes_follow(lines[cut.end :]) else ""
    return "\n\n".join(filter(None, (above, below))) or text.strip()


def _first_cut(lines: list[str]) -> _Cut | None:
    for index, line in enumerate(lines):
        plain = line.strip()[:500]
        if not plain or plain.startswith(">"):
            continue
        if FORWARD.fullmatch(plain):
            return _Cut(index, index + 1, forwards=True)
        if ORIGINAL.fullmatch(plain):
            return _Cut(index, index + 1)
        if FROM_LINE.match(plain) and _is_header(lines[index + 1 : index + HEADER_LINES]):
            return _Cut(index, index)
        taken = _attribution(lines[index : index + 4])
        if taken:
            return _Cut(index, index + taken, attributes=True)
    return None


def _attribution(lines: list[str]) -> int:
    """How many of the first three lines, joined as a client may have broken them, are one "… wrote:"."""
    first = lines[0].strip()
    if WROTE.fullmatch(first) or (DATED.fullmatch(first) and _quotes_follow(lines[1:])):
        return 1
    joined = first
    for taken, line in enumerate(lines[1:3] if BROKEN_WROTE.match(first) else [], start=2):
        joined = f"{joined} {line.strip()}"
        if not line.strip() or line.lstrip().startswith(">") or len(joined) > 400:
            return 0
        if WROTE.fullmatch(joined):
            return taken
    return 0


def _is_header(following: list[str]) -> bool:
    """Whether the lines after a `From:` line go on as the header of a quoted mail."""
    plain = [line.strip() for line in following]
    return any(map(DATE_LINE.match, plain)) and any(map(TO_LINE.match, plain))


def _quotes_follow(lines: list[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return first.lstrip().startswith(">")


def _own_words(lines: list[str]) -> str:
    """The lines that are neither quoted nor a signature at the end."""
    kept: list[str] = []
    for line in lines:
        if line.rstrip() == "--" and any(kept):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    while kept and (not kept[-1] or SIGNATURE.fullmatch(kept[-1].strip())):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _forwarded(lines: list[str]) -> str:
    """The body below a forward's marker: without the header lines and the quote marks."""
    plain = [re.sub(r"^\s*(?:>\s?)+", "", line) for line in lines]
    below_header = dropwhile(lambda line: not line.strip() or HEADER_LINE.match(line.strip()), plain)
    return _own_words(list(below_header))
