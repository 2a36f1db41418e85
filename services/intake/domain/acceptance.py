"""What a complaint must bring to be taken in (IN-2), and the plain form of what it brings."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import phonenumbers

LONGEST_TEXT = 5000
LONGEST_AS_WRITTEN = 100_000
NO_WORDS = "(…)"
LONGEST_EMAIL = 254

# A phone number or an e-mail address is a contact; a known place or a described one is a place.
EITHER_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"contact": ("phone", "email"), "place": ("place_id", "where")}
)
NEVER_ASKED_OF_THE_ANONYMOUS = frozenset(("name", "contact", "phone", "email", "identity_number"))

FIELD_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "text": {"zh-Hans": "投诉内容", "zh-Hant": "投訴內容", "en": "what happened"},
        "impact": {"zh-Hans": "造成的影响", "zh-Hant": "造成的影響", "en": "how it affected you"},
        "asked_for": {"zh-Hans": "诉求", "zh-Hant": "訴求", "en": "what you ask for"},
        "category": {"zh-Hans": "投诉类别", "zh-Hant": "投訴類別", "en": "the category"},
        "place": {"zh-Hans": "地点", "zh-Hant": "地點", "en": "the place"},
        "happened_at": {"zh-Hans": "发生时间", "zh-Hant": "發生時間", "en": "when it happened"},
        "name": {"zh-Hans": "姓名", "zh-Hant": "姓名", "en": "your name"},
        "contact": {
            "zh-Hans": "联系方式（电话或邮箱）",
            "zh-Hant": "聯絡方式（電話或電郵）",
            "en": "a phone number or an e-mail address",
        },
        "phone": {"zh-Hans": "联系电话", "zh-Hant": "聯絡電話", "en": "your phone number"},
        "email": {"zh-Hans": "电子邮箱", "zh-Hant": "電子郵箱", "en": "your e-mail address"},
        "identity_number": {"zh-Hans": "证件号码", "zh-Hant": "證件號碼", "en": "your identity number"},
        "attachments": {"zh-Hans": "证明材料", "zh-Hant": "證明材料", "en": "a file as evidence"},
    }
)
ASK: Mapping[str, str] = MappingProxyType(
    {"zh-Hans": "请填写{field}", "zh-Hant": "請填寫{field}", "en": "Please give {field}"}
)
NO_SUCH_FILE: Mapping[str, str] = MappingProxyType(
    {
        "zh-Hans": "没有这个文件，请重新上传",
        "zh-Hant": "沒有這個檔案，請重新上傳",
        "en": "There is no such file; send it again",
    }
)
NO_SUCH_PLACE: Mapping[str, str] = MappingProxyType(
    {"zh-Hans": "没有这个地点", "zh-Hant": "沒有這個地點", "en": "There is no such place"}
)
NO_SUCH_NUMBER: Mapping[str, str] = MappingProxyType(
    {
        "zh-Hans": "没有这个编号的投诉",
        "zh-Hant": "沒有這個編號的投訴",
        "en": "There is no complaint with this number",
    }
)
NOT_YOURS: Mapping[str, str] = MappingProxyType(
    {
        "zh-Hans": "编号与查询码不匹配，请填写原投诉的编号和查询码",
        "zh-Hant": "編號與查詢碼不符，請填寫原投訴的編號和查詢碼",
        "en": "Number and code do not belong together; give those of the earlier complaint",
    }
)
NOT_ANONYMOUS: Mapping[str, str] = MappingProxyType(
    {
        "zh-Hans": "本单位不受理匿名投诉",
        "zh-Hant": "本單位不受理匿名投訴",
        "en": "Anonymous complaints are not taken here",
    }
)
PHONE_EXTENSION = re.compile(r"\s*(?:转|轉|分机|分機|ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Missing:
    """A field the Procedure requires and the complaint lacks, with what to tell the person, by language."""

    field: str
    message: Mapping[str, str]


class NotAccepted(ValueError):
    """A value that cannot be taken as it is. `message` says, by language, what would be right."""

    def __init__(self, field: str, message: Mapping[str, str]) -> None:
        super().__init__(f"{field}: {message['en']}")
        self.field = field
        self.message = message


def check(
    required: Iterable[str], given: Mapping[str, str | Collection[str] | None], *, anonymous: bool
) -> list[Missing]:
    """What is still to be asked for, in the order of `required`; the text always is required.

    `required` is the Procedure's list for the channel (IN-2), or its list for anonymous complaints; of the
    anonymous no contact is asked even if that list names it (IN-5).
    """
    fields = dict.fromkeys(("text", *required))
    asked = (field for field in fields if not (anonymous and field in NEVER_ASKED_OF_THE_ANONYMOUS))
    return [Missing(field, _question(field)) for field in asked if not _is_given(field, given)]


def complaint_text(given: str, field: str = "text", longest: int = LONGEST_TEXT) -> str:
    """`given` in NFC, trimmed, without control characters except line breaks and tabs: 1 to `longest`
    characters, else NotAccepted."""
    text = _plain(given)
    if not text:
        raise NotAccepted(field, _question(field))
    if len(text) > longest:
        raise NotAccepted(
            field,
            {
                "zh-Hans": f"最多{longest}个字，现有{len(text)}个字",
                "zh-Hant": f"最多{longest}個字，現有{len(text)}個字",
                "en": f"At most {longest} characters; this has {len(text)}",
            },
        )
    return text


def as_written(given: str) -> str:
    """The text of a mail or review, whose sender cannot be asked again: plain, cut at 100,000 characters,
    and `(…)` when it has no words."""
    return _plain(given)[:LONGEST_AS_WRITTEN] or NO_WORDS


def one_line(given: str) -> str:
    """A name, number or place as one trimmed line in NFC; empty when nothing can be seen of it."""
    return " ".join(CONTROL.sub(" ", unicodedata.normalize("NFC", given)).split())


def phone_number(given: str, country: str) -> str:
    """The number in E.164, such as +8613800138000. `country` (ISO 3166, such as CN) is the tenant's, for
    numbers without a country code. An extension is dropped. Raises NotAccepted."""
    plain = PHONE_EXTENSION.sub("", unicodedata.normalize("NFKC", given).strip())
    try:
        number = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise NotAccepted(
            "phone",
            {
                "zh-Hans": "电话号码不正确；境外号码请以“+国家代码”开头",
                "zh-Hant": "電話號碼不正確；境外號碼請以「+國家代碼」開頭",
                "en": "This is not a phone number; start a foreign one with + and the country code",
            },
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def spellings(phone: str) -> tuple[str, ...]:
    """A number in E.164 as people write it: with the country code, as dialled at home, and without the zero
    in front."""
    number = phonenumbers.parse(phone)
    at_home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phone, str(at_home), str(number.national_number)


def email_address(given: str) -> str:
    """The bare address in lower case, an international domain in ASCII. Raises NotAccepted: for display
    names, lists of addresses and anything that could add a line to a mail's header, too."""
    local, _, domain = unicodedata.normalize("NFKC", given).strip().lower().rpartition("@")
    address = f"{local}@{_ascii_domain(domain)}"
    fits = len(local) <= 64 and len(address) <= LONGEST_EMAIL
    if not (fits and LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(_ascii_domain(domain))):
        raise NotAccepted(
            "email",
            {
                "zh-Hans": "邮箱地址不正确，应类似 name@example.com",
                "zh-Hant": "電郵地址不正確，應類似 name@example.com",
                "en": "This is not an e-mail address; it should look like name@example.com",
            },
        )
    return address


def choose_one_of(field: str, names: Iterable[str]) -> NotAccepted:
    """The mistake of a name that is none of those to choose from."""
    listed = ", ".join(names)
    return NotAccepted(
        field, {"zh-Hans": f"可选：{listed}", "zh-Hant": f"可選：{listed}", "en": f"Choose one of: {listed}"}
    )


def _plain(given: str) -> str:
    lines = unicodedata.normalize("NFC", given).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("", lines).strip()


def _ascii_domain(domain: str) -> str:
    """The domain as it travels (IDNA); empty when it cannot."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _is_given(field: str, given: Mapping[str, str | Collection[str] | None]) -> bool:
    values = (given.get(name) for name in EITHER_OF.get(field, (field,)))
    return any(value.strip() if isinstance(value, str) else value for value in values)


def _question(field: str) -> Mapping[str, str]:
    names = FIELD_NAMES.get(field, dict.fromkeys(ASK, field))
    return {language: ask.format(field=names[language]) for language, ask in ASK.items()}
