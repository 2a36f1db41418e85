"""Which files are taken as evidence, told by their content, and the name they are shown by."""

import codecs
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

import filetype  # type: ignore[import-untyped]

from services.intake.domain.acceptance import NotAccepted

HEAD_BYTES = 8192  # the beginning of a file that `sniff` wants to see
LONGEST_NAME = 100
TEXT = "text/plain"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

# The first extension is the one given to a name that has none of them.
EXTENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "image/jpeg": ("jpg", "jpeg"),
        "image/png": ("png",),
        "image/apng": ("png", "apng"),
        "image/gif": ("gif",),
        "image/webp": ("webp",),
        "image/bmp": ("bmp",),
        "image/tiff": ("tif", "tiff"),
        "image/heic": ("heic", "heif"),
        "image/avif": ("avif",),
        "audio/amr": ("amr",),
        "audio/silk": ("silk", "amr", "aud"),
        "audio/mpeg": ("mp3",),
        "audio/mp4": ("m4a",),
        "audio/aac": ("aac",),
        "audio/ogg": ("ogg", "oga", "opus"),
        "audio/x-flac": ("flac",),
        "audio/x-wav": ("wav",),
        "video/mp4": ("mp4",),
        "video/x-m4v": ("m4v",),
        "video/quicktime": ("mov",),
        "video/3gpp": ("3gp",),
        "video/webm": ("webm",),
        "video/x-matroska": ("mkv",),
        "video/x-msvideo": ("avi",),
        "video/mpeg": ("mpg", "mpeg"),
        "video/x-ms-wmv": ("wmv",),
        "application/pdf": ("pdf",),
        "application/msword": ("doc",),
        "application/vnd.ms-excel": ("xls",),
        "application/vnd.ms-powerpoint": ("ppt",),
        OPEN_XML + "wordprocessingml.document": ("docx",),
        OPEN_XML + "spreadsheetml.sheet": ("xlsx",),
        OPEN_XML + "presentationml.presentation": ("pptx",),
        OPEN_DOCUMENT + "text": ("odt",),
        OPEN_DOCUMENT + "spreadsheet": ("ods",),
        OPEN_DOCUMENT + "presentation": ("odp",),
        TEXT: ("txt", "csv", "log", "md", "eml", "ics", "vcf"),
    }
)
OLD_OFFICE = MappingProxyType(
    {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
)
RUN = (
    "html htm xhtml mhtml mht shtml svg svgz xml xsl xslt js mjs jse vbs vbe wsf wsh hta exe "
    "dll com scr pif cpl bat cmd ps1 psm1 sh bash py php jsp asp aspx jar apk app deb "
    "rpm msi msp dmg pkg lnk url reg chm swf iso docm dotm xlsm xltm xlam pptm potm ppsm ppam "
)
RUNS_WHEN_OPENED = frozenset(RUN.split())
MARKUP = re.compile(
    r"<\?xml|<!doctype|<!entity|<\s*(?:html|head|body|script|svg|iframe|object|embed|style|meta|link|form|img|xsl:)\b",
    re.IGNORECASE,
)
PROGRAM = re.compile(
    rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|\xfe\xed\xfa|\xcf\xfa\xed\xfe|\xce\xfa\xed\xfe|\0asm|dex\n|L\0\0\0\x01\x14\x02\0"
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
BINARY_THAT_READS_AS_TEXT = (b"%PDF", b"GIF8", b"OggS", b"%!PS", b"{\\rtf", b"fLaC", b"ID3", b"BZh")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
RESERVED_NAME = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)

EMPTY = MappingProxyType({"zh-Hans": "文件是空的", "zh-Hant": "檔案是空的", "en": "The file is empty"})
NO_PROGRAM = MappingProxyType(
    {
        "zh-Hans": "不接收网页、脚本和可执行文件，请改为图片、音频、视频、PDF、Office 文档或纯文本",
        "zh-Hant": "不接收網頁、腳本和可執行檔，請改為圖片、音訊、影片、PDF、Office 文件或純文字",
        "en": "No web pages, scripts or programs; send a picture, sound, video, PDF, Office or text file",
    }
)
UNKNOWN_KIND = MappingProxyType(
    {
        "zh-Hans": "无法识别此文件，请改为图片、音频、视频、PDF、Office 文档或纯文本",
        "zh-Hant": "無法識別此檔案，請改為圖片、音訊、影片、PDF、Office 文件或純文字",
        "en": "This kind of file is unknown; send a picture, sound, video, PDF, Office or text file",
    }
)


class NotAsKept(Exception):
    """The file is not here any more as it was kept (PR-4). Tell who runs the platform: `redress verify`."""

    def __init__(self, how: str) -> None:
        super().__init__(f"The file is {how}. Tell who runs the platform, so that they restore it from a copy.")
        self.how = how  # missing | changed


def check_size(size: int, limit: int) -> None:
    """Both in bytes. Raises NotAccepted for an empty file and for one larger than `limit`."""
    if size <= 0:
        raise NotAccepted("file", EMPTY)
    if size > limit:
        megabytes = f"{limit / 1_000_000:g} MB"
        raise NotAccepted(
            "file",
            {
                "zh-Hans": f"文件太大，最大 {megabytes}",
                "zh-Hant": f"檔案太大，上限 {megabytes}",
                "en": f"The file is too large; at most {megabytes}",
            },
        )


def sniff(name: str, head: bytes) -> str:
    """The content type, told by the file's first `HEAD_BYTES` bytes; the name only decides between kinds
    that look alike. Raises NotAccepted for web pages, markup, programs, archives and what is unknown."""
    extension = _extension(name)
    if extension in RUNS_WHEN_OPENED:
        raise NotAccepted("file", NO_PROGRAM)
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    if head.removeprefix(b"\x02").startswith(b"#!SILK"):
        return "audio/silk"
    if PROGRAM.match(head):
        raise NotAccepted("file", NO_PROGRAM)
    text = _as_text(head)
    if text is None:
        return _binary(extension, head)
    if MARKUP.search(text):
        raise NotAccepted("file", NO_PROGRAM)
    return TEXT


def safe_name(name: str, content_type: str) -> str:
    """A name to show and to save by: no folders, no invisible or reserved characters, at most 100
    characters, and an extension that belongs to the content type."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in last)
    plain = " ".join(re.sub(r'[<>:"|?*]', " ", visible).split()).strip(". ")
    allowed = EXTENSIONS.get(content_type, ("bin",))
    extension = _extension(plain)
    stem = plain[: -len(extension) - 1] if extension in allowed else plain
    if extension not in allowed:
        extension = allowed[0]
    stem = RESERVED_NAME.sub(r"_\g<0>", stem) if RESERVED_NAME.match(stem) else stem
    return f"{stem[: LONGEST_NAME - len(extension) - 1].strip('. ') or 'attachment'}.{extension}"


def _binary(extension: str, head: bytes) -> str:
    kind = filetype.guess_mime(head)
    if head.startswith(OLE) and extension in OLD_OFFICE:
        return OLD_OFFICE[extension]
    if kind is None or kind not in EXTENSIONS:
        raise NotAccepted("file", UNKNOWN_KIND)
    return str(kind)


def _as_text(head: bytes) -> str | None:
    """The head as text, or None when it is not text. A character cut off at the end does not matter."""
    if not head or head.startswith(BINARY_THAT_READS_AS_TEXT):
        return None
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if head.startswith(mark)), None)
    for codec in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(codec)().decode(head[:HEAD_BYTES], final=False)
        except UnicodeDecodeError:
            continue
        return None if CONTROL.search(text) else text
    return None


def _extension(name: str) -> str:
    _, dot, extension = name.strip().strip(". ").rpartition(".")
    return extension.lower() if dot and len(extension) <= 8 else ""
