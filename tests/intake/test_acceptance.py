"""IN-2, IN-5: what a complaint has to bring, and the files that come with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.acceptance import (
    FIELD_NAMES,
    NotAccepted,
    check,
    complaint_text,
    email_address,
    phone_number,
)
from services.intake.domain.attachments import EXTENSIONS, check_size, safe_name, sniff
from services.intake.domain.language import detect_language, language_tag

LANGUAGES = {"zh-Hans", "zh-Hant", "en"}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def test_only_what_the_procedure_requires_is_asked_for() -> None:
    missing = check(("name", "contact", "place"), {"text": "漏水", "phone": "138"}, anonymous=False)
    assert [each.field for each in missing] == ["name", "place"]


def test_the_text_is_always_required() -> None:
    assert [each.field for each in check((), {"text": "  "}, anonymous=True)] == ["text"]


@pytest.mark.parametrize("given_field", ["phone", "email"])
def test_a_phone_or_an_email_is_a_contact(given_field: str) -> None:
    assert check(("contact",), {"text": "x", given_field: "y"}, anonymous=False) == []


@pytest.mark.parametrize("given_field", ["place_id", "where"])
def test_a_known_or_a_described_place_is_a_place(given_field: str) -> None:
    assert check(("place",), {"text": "x", given_field: "y"}, anonymous=False) == []


def test_an_empty_list_of_files_is_missing() -> None:
    assert check(("attachments",), {"text": "x", "attachments": []}, anonymous=False)[0].field == "attachments"
    assert check(("attachments",), {"text": "x", "attachments": ["f"]}, anonymous=False) == []


@given(st.lists(st.sampled_from(sorted(FIELD_NAMES)), unique=True))
def test_the_anonymous_are_never_asked_who_they_are(required: list[str]) -> None:
    """IN-5"""
    asked = {each.field for each in check(required, {}, anonymous=True)}
    assert asked == {"text", *required} - {"name", "contact", "phone", "email", "identity_number"}


@given(st.lists(st.sampled_from([*FIELD_NAMES, "floor"]), unique=True))
def test_every_question_is_put_in_three_languages(required: list[str]) -> None:
    for missing in check(required, {}, anonymous=False):
        assert set(missing.message) == LANGUAGES
        assert all(missing.message.values())


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("138 0013 8000", "CN", "+8613800138000"),
        ("＋８６ 138-0013-8000", "CN", "+8613800138000"),
        ("0755-2600 1234转123", "CN", "+8675526001234"),
        ("9123 4567", "HK", "+85291234567"),
        ("+852 9123 4567", "CN", "+85291234567"),
        ("0912 345 678", "TW", "+886912345678"),
        ("(202) 555-0143 ext. 9", "US", "+12025550143"),
    ],
)
def test_a_phone_number_is_stored_in_one_form(written: str, country: str, number: str) -> None:
    assert phone_number(written, country) == number


@pytest.mark.parametrize("written", ["", "12345", "1380013800", "call me", "138001380001", "9" * 400])
def test_what_is_no_phone_number_is_refused(written: str) -> None:
    with pytest.raises(NotAccepted) as refused:
        phone_number(written, "CN")
    assert refused.value.field == "phone"
    assert set(refused.value.message) == LANGUAGES


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" Li.Ming+hotel@Example.COM ", "li.ming+hotel@example.com"),
        ("li＠example．com", "li@example.com"),
        ("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_email_address_is_stored_in_one_form(written: str, address: str) -> None:
    assert email_address(written) == address


@pytest.mark.parametrize(
    "written",
    ["", "li", "@example.com", "li@", "li@localhost", "li@@example.com", "a..b@example.com", ".a@example.com"]
    + ["Li <li@example.com>", "a@example.com,b@example.com", "a b@example.com", "li@-example.com"]
    + [f"{'a' * 65}@example.com", f"a@{'b' * 64}.com", f"a@{'b.' * 130}com", "张三@example.com", "a@example.com."],
)
def test_what_is_no_email_address_is_refused(written: str) -> None:
    with pytest.raises(NotAccepted, match="email"):
        email_address(written)


@pytest.mark.parametrize("evil", ["\r\n", "\n", "\r", "\u2028", "\u0085", "\x00", "%0d%0a ", "\t"])
def test_no_address_can_add_a_line_to_a_header(evil: str) -> None:
    """T18"""
    for written in (f"li{evil}Bcc:x@example.com", f"li@example.com{evil}Bcc: x@y.example"):
        with pytest.raises(NotAccepted):
            email_address(written)


@pytest.mark.parametrize(("length", "fits"), [(1, True), (5000, True), (5001, False), (0, False)])
def test_a_text_has_1_to_5000_characters(length: int, fits: bool) -> None:
    if fits:
        assert len(complaint_text("漏" * length)) == length
    else:
        with pytest.raises(NotAccepted) as refused:
            complaint_text("漏" * length)
        assert set(refused.value.message) == LANGUAGES


def test_a_text_is_trimmed_and_freed_of_control_characters() -> None:
    assert complaint_text(" cafe\u0301\x00\x1b[2J\r\n\tfine 👨‍👩‍👧\u2028 ") == "café[2J\n\tfine 👨‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("空调坏了没人来修", "zh-Hans"),
        ("冷氣壞了沒人來修", "zh-Hant"),
        ("三楼大堂", "zh-Hans"),
        ("張太太的房間，费用", "zh-Hant"),
        ("人口", "zh-Hans"),
        ("エアコンが壊れた", "ja"),
        ("The lift is broken", "en"),
        ("", "en"),
        ("1502", "en"),
    ],
)
def test_the_language_of_a_text_is_found(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("zh-Hans-CN", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh_Hant_TW", "zh-Hant"),
        ("ZH-TW", "zh-Hant"),
        ("zh-SG", "zh-Hans"),
        ("yue", "zh-Hant"),
        ("en_US", "en"),
        ("ja-JP", "ja"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("", None),
        (None, None),
        ("not a tag", None),
    ],
)
def test_a_language_tag_is_brought_to_ours(tag: str | None, meant: str | None) -> None:
    assert language_tag(tag) == meant


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.png", PNG, "image/png"),
        ("a.txt", PNG, "image/png"),
        ("photo", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00", "image/gif"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        ("a.webp", b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("call.amr", b"#!AMR\n\x3c", "audio/amr"),
        ("voice", b"\x02#!SILK_V3\x0c\x00", "audio/silk"),
        ("a.mp3", b"ID3\x03\x00\x00\x00\x00\x00\x21", "audio/mpeg"),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4"),
        ("a.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40, "application/msword"),
        ("a.txt", "漏水".encode(), "text/plain"),
        ("a.csv", "漏水,1502".encode("gb18030"), "text/plain"),
        ("a.txt", "漏水".encode("utf-16"), "text/plain"),
        ("a.txt", "漏水".encode()[:-1], "text/plain"),
        ("a.txt", b"BMW blocks the gate <3 & 1 < 2", "text/plain"),
    ],
)
def test_a_files_kind_is_told_by_its_content(name: str, head: bytes, kind: str) -> None:
    assert sniff(name, head) == kind
    assert kind in EXTENSIONS


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.html", b"hello"),
        ("a.txt", b"  <!DOCTYPE html><p>x"),
        ("a.txt", b"\xef\xbb\xbf<html>"),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.txt", b"text first <script>alert(1)</script>"),
        ("a.txt", "<script>".encode("utf-16")),
        ("a.txt", b'<?xml version="1.0"?>'),
        ("a.svg", PNG),
        ("a.exe", PNG),
        ("a.jpg", b"MZ\x90\x00"),
        ("a.jpg", b"\x7fELF\x02"),
        ("run", b"#!/bin/sh\n"),
        ("a.docm", b"PK\x03\x04"),
        ("a.txt.LNK ", b"x"),
    ],
)
def test_web_pages_and_programs_are_refused(name: str, head: bytes) -> None:
    with pytest.raises(NotAccepted, match="scripts") as refused:
        sniff(name, head)
    assert set(refused.value.message) == LANGUAGES


@pytest.mark.parametrize(
    ("name", "head"),
    [("a.zip", b"PK\x03\x04\x14\x00"), ("a.bin", b"\x00\x01\x02"), ("a.7z", b"7z\xbc\xaf\x27\x1c"), ("a", b"")],
)
def test_archives_and_the_unknown_are_refused(name: str, head: bytes) -> None:
    with pytest.raises(NotAccepted, match="unknown"):
        sniff(name, head)


@given(st.text(max_size=20), st.binary(max_size=200))
def test_any_file_is_of_a_known_kind_or_refused(name: str, head: bytes) -> None:
    try:
        assert sniff(name, head) in EXTENSIONS
    except NotAccepted as refused:
        assert refused.field == "file"


@pytest.mark.parametrize(("size", "problem"), [(0, "empty"), (101, "too large")])
def test_a_file_is_neither_empty_nor_too_large(size: int, problem: str) -> None:
    check_size(100, 100)
    with pytest.raises(NotAccepted, match=problem):
        check_size(size, 100)


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("照片 1.JPG", "image/jpeg", "照片 1.jpg"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Users\\li\\a.pdf", "application/pdf", "a.pdf"),
        ("photo.png.exe", "image/png", "photo.png.exe.png"),
        ("cod\u202egpj.exe", "image/jpeg", "cod gpj.exe.jpg"),
        ('a"\r\nX: b<>.png', "image/png", "a X b.png"),
        ("con.txt", "text/plain", "_con.txt"),
        ("", "image/png", "attachment.png"),
        (".png", "image/png", "png.png"),
        ("...", "text/plain", "attachment.txt"),
    ],
)
def test_a_shown_name_is_safe_and_says_what_the_file_is(name: str, kind: str, shown: str) -> None:
    assert safe_name(name, kind) == shown


@given(st.text(max_size=300), st.sampled_from(sorted(EXTENSIONS)))
def test_a_shown_name_is_short_and_ends_in_its_kind(name: str, kind: str) -> None:
    shown = safe_name(name, kind)
    assert len(shown) <= 100
    assert shown.rpartition(".")[2] in EXTENSIONS[kind]
    assert not set(shown) & set('/\\\r\n\x00"<>:|?*')
