"""IN-1 by e-mail: any client, any character set, and machines told from people (T18, T20)."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.mail import NotAMail, read_mail, without_quotes


def test_a_plain_mail_is_read() -> None:
    mail = read_mail(
        b"From: Ann Lee <Ann@Example.com>\r\nTo: care@hotel.example\r\nSubject: Cold water\r\n"
        b"Message-ID: <a1@example.com>\r\nIn-Reply-To: <o1@hotel.example> <o2@hotel.example>\r\n"
        b"References: <o0@hotel.example>\r\n\t<o1@hotel.example>\r\nDate: Sun, 1 Mar 2026 20:15:00 +0800\r\n"
        b"\r\nNo hot water since noon.\r\n"
    )
    assert (mail.from_address, mail.from_name) == ("ann@example.com", "Ann Lee")
    assert (mail.subject, mail.text) == ("Cold water", "No hot water since noon.")
    assert mail.message_id == "<a1@example.com>"
    assert mail.in_reply_to == ("<o1@hotel.example>", "<o2@hotel.example>")
    assert mail.references == ("<o0@hotel.example>", "<o1@hotel.example>")
    assert mail.date == datetime(2026, 3, 1, 12, 15, tzinfo=UTC)
    assert (mail.is_automatic, mail.may_be_answered, mail.why) == (False, True, ())


def test_all_recipients_are_found_with_their_tags() -> None:
    mail = read_mail(
        mail_of(
            b"x",
            b"Delivered-To: Complaints+AB12@hotel.example",
            b"X-Original-To: care@hotel.example",
            b'To: "Lee, Ann" <care@hotel.example>, other@hotel.example',
            b"Cc: =?utf-8?b?5byg5LiJ?= <boss@hotel.example>",
        )
    )
    expected = ("complaints+ab12@", "care@", "other@", "boss@")
    assert mail.to == tuple(f"{each}hotel.example" for each in expected)


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        (b'"victim@bank.example" <evil@x.example>', "evil@x.example", "victim@bank.example"),
        (b"bare@x.example", "bare@x.example", ""),
        (b"bare@x.example (Li Ming)", "bare@x.example", ""),
        (b'"=?gb2312?B?1cXI/Q==?=" <z3@x.example>', "z3@x.example", "张三"),
        ("张三 <z3@x.example>".encode("gb18030"), "z3@x.example", "张三"),
        (b"=?utf-8?Q?Li,_Ming?= <li@x.example>", "li@x.example", "Li, Ming"),
        (b"undisclosed", "", ""),
    ],
)
def test_a_sender_is_his_address_never_his_name(written: bytes, address: str, name: str) -> None:
    mail = read_mail(b"From: " + written + b"\n\nx")
    assert (mail.from_address, mail.from_name) == (address, name)


def test_a_mail_without_id_gets_the_same_one_every_time() -> None:
    one = read_mail(b"Received: a\nFrom: a@x.example\nSubject: s\nDate: Sun, 1 Mar 2026 20:15:00 +0800\n\nhello")
    two = read_mail(b"From: a@x.example\nSubject: s\nDate: Sun, 1 Mar 2026 20:15:00 +0800\n\nhello\n")
    other = read_mail(b"From: a@x.example\nSubject: s\nDate: Sun, 1 Mar 2026 20:15:00 +0800\n\nhello!")
    assert one.message_id == two.message_id != other.message_id


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gb18030", "镕基㙍的房间漏水"),
        ("gbk", "gb18030", "房间漏水😀"),
        ("big5", "cp950", "碁銹裏墻恒粧嫺€房間漏水"),
        ("big5", "big5hkscs", "電梯壞咗，冇人理𨋢"),
        ("iso-2022-jp", "iso2022_jp", "部屋が寒い"),
        ("shift_jis", "cp932", "①号室の㈱清掃"),
        ("ks_c_5601-1987", "cp949", "방이 똠춥습니다"),
        ("us-ascii", "utf-8", "房间漏水"),
        ("us-ascii", "gb18030", "房间漏水，没有人来修理"),
        ("x-unknown", "utf-8", "房间漏水"),
        ("default", "gb18030", "房间漏水，没有人来修理"),
        ("utf8mb4", "utf-8", "漏水😀"),
        ('"UTF-8', "utf-8", "漏水"),
        ("unicode-1-1-utf-7", "utf-7", "漏水"),
        ("iso-8859-1", "cp1252", "“café” – €5"),
        ("utf-16", "utf-16", "漏水"),
        ("rot13", "utf-8", "漏水"),
        ("punycode", "utf-8", "漏水"),
    ],
)
def test_a_body_is_decoded_by_what_it_is(label: str, codec: str, text: str) -> None:
    encoded = base64.encodebytes(text.encode(codec))
    kind = b"Content-Type: text/plain; charset=" + label.encode()
    assert read_mail(mail_of(encoded, kind, b"Content-Transfer-Encoding: base64")).text == text


def test_japanese_mail_of_windows_is_read_whole() -> None:
    """Half-width kana and vendor characters, which the standard's own codec refuses."""
    raw = b"\x1b$B-j\x1b(B A \x1b(I6E\x1b(B \x1b$BIt20\x1b(B"
    assert read_mail(mail_of(raw, b"Content-Type: text/plain; charset=ISO-2022-JP")).text == "㈱ A ｶﾅ 部屋"


def test_one_broken_character_does_not_turn_the_text_into_another_language() -> None:
    raw = "房间漏水，没有人来".encode() + b"\xe4\xbf"
    text = read_mail(mail_of(raw, b"Content-Type: text/plain; charset=utf-8")).text
    assert text.startswith("房间漏水，没有人来")


def test_a_character_split_between_encoded_words_is_whole_again() -> None:
    raw = "投诉：房间漏水".encode("gb18030")
    words = b"\r\n ".join(b"=?gb18030?B?" + base64.b64encode(part) + b"?=" for part in (raw[:5], raw[5:]))
    assert read_mail(mail_of(b"x", b"Subject: Re: " + words + b" (2)")).subject == "Re: 投诉：房间漏水 (2)"


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("投诉漏水的房间".encode(), "投诉漏水的房间"),
        ("投诉漏水的房间".encode("gb18030"), "投诉漏水的房间"),
        (b"=?utf-8?q?caf=C3=A9_bar?= =?utf-8?q?_=E2=82=AC?=", "café bar €"),
        (b"=?utf-8?b?5oqV6K+J?= and =?gb2312?b?wqnLrg?=", "投诉 and 漏水"),
        (b"=?utf-8*zh?b?5oqV6K+J?=", "投诉"),
        (b"=?utf-8?q?a=0D=0ABcc:_evil@x.example?=", "a Bcc: evil@x.example"),
        (b"=?utf-8?b?broken", "=?utf-8?b?broken"),
    ],
)
def test_a_subject_is_one_readable_line(written: bytes, subject: str) -> None:
    assert read_mail(mail_of(b"x", b"Subject: " + written)).subject == subject


@pytest.mark.parametrize(
    "parameter",
    [
        b"filename*=GBK''%D5%D5%C6%AC.jpg",
        b"filename*=utf-8'zh'%E7%85%A7%E7%89%87.jpg",
        b"filename*0*=utf-8''%E7%85%A7; filename*1*=%E7%89%87; filename*2=.jpg",
        b'filename="=?gb18030?B?1dXGrC5qcGc=?="',
        "filename=照片.jpg".encode("gb18030"),
        'filename="照片.jpg"'.encode(),
    ],
)
def test_a_file_name_is_read_however_it_is_written(parameter: bytes) -> None:
    part = b"Content-Type: image/jpeg\nContent-Disposition: attachment; " + parameter + b"\n\n\xff\xd8\xff"
    (attachment,) = read_mail(parts_of(b"Content-Type: text/plain\n\nsee", part)).attachments
    assert (attachment.name, attachment.content_type) == ("照片.jpg", "image/jpeg")


def test_attachments_are_told_from_the_text() -> None:
    mail = read_mail(
        parts_of(
            b"Content-Type: text/plain\n\nsee the photo",
            b"Content-Type: image/png\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo",
            b"Content-Type: text/plain; name=log.txt\nContent-Disposition: attachment\n\nline",
        )
    )
    assert mail.text == "see the photo"
    assert [(each.content, each.inline) for each in mail.attachments] == [
        (b"\x89PNG\r\n\x1a\n", True),
        (b"line", False),
    ]


def test_a_mail_inside_the_mail_stays_a_file() -> None:
    inner = b"Content-Type: message/rfc822\n\nSubject: inner secret\nFrom: c@x.example\n\ninner words"
    mail = read_mail(parts_of(b"Content-Type: text/plain\n\nplease see", inner, subject=b"outer"))
    assert (mail.subject, mail.text) == ("outer", "please see")
    assert b"inner secret" in mail.attachments[0].content


def test_plain_text_is_preferred_to_its_html_twin() -> None:
    mail = read_mail(
        parts_of(
            b"Content-Type: text/plain\n\nplain words",
            b"Content-Type: text/html\n\n<p>rich words</p>",
            kind=b"alternative",
        )
    )
    assert mail.text == "plain words"
    assert mail.html == "<p>rich words</p>"


def test_html_beside_text_is_not_lost() -> None:
    mail = read_mail(
        parts_of(b"Content-Type: text/plain\n\nfirst", b"Content-Type: text/html\n\n<b>second</b>", kind=b"mixed")
    )
    assert mail.text == "first\n\nsecond"


def test_only_the_visible_words_of_html_are_read() -> None:
    page = (
        "<html><head><title>T</title><style>p{x:1}</style></head><body>"
        "<div style='display: none'>preview</div>"
        "<script>alert(1)</script><p>房间 漏水<br>没人&nbsp;来 &lt;3</p>"
        "<table><tr><td>1502</td><td>室</td></tr></table>"
        "<img src='http://t.example/p.gif' alt='pixel'><pre>a\nb</pre><p style='max-height:0'>x</p>"
        "<blockquote><div>older</div></blockquote></body></html>"
    ).encode()
    text = read_mail(mail_of(page, b"Content-Type: text/html; charset=utf-8")).text
    assert text.split("\n") == ["房间 漏水", "没人 来 <3", "1502 室", "a", "b", "> older"]


def test_html_without_charset_is_read_by_its_own_word_for_it() -> None:
    page = '<meta charset="gbk"><p>漏水</p>'.encode("gbk")
    assert read_mail(mail_of(page, b"Content-Type: text/html")).text == "漏水"


@pytest.mark.parametrize(
    "raw",
    [
        b"--XX\nContent-Type: text/plain\n\nwords\n",
        b"--OTHER\nContent-Type: text/plain\n\nwords\n--OTHER--\n",
        b"words",
    ],
)
def test_a_broken_boundary_loses_nothing(raw: bytes) -> None:
    assert read_mail(b"From: a@x.example\nContent-Type: multipart/mixed; boundary=XX\n\n" + raw).text == "words"


@pytest.mark.parametrize("encoded", [b"5oqV6K+J", b"5oqV6K+JIQ", b"5oqV6K+J\n-- \nlist footer here\n", b"5oqV6K+JI"])
def test_base64_is_read_without_padding_and_with_a_footer(encoded: bytes) -> None:
    text = read_mail(
        mail_of(encoded, b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: base64")
    ).text
    assert text.rstrip("!") == "投诉"


def test_nul_and_control_characters_are_dropped() -> None:
    assert read_mail(mail_of(b"a\x00b\x07\tc\r\nd")).text == "ab\tc\nd"


def test_flowing_lines_are_joined() -> None:
    kind = b"Content-Type: text/plain; charset=utf-8; format=flowed"
    assert read_mail(mail_of(b"one \ntwo\n\n three\n", kind)).text == "one two\n\nthree"
    assert read_mail(mail_of("漏 \n水".encode(), kind + b"; delsp=yes")).text == "漏水"


def test_what_has_no_header_is_no_mail() -> None:
    for raw in (b"", b"just words"):
        with pytest.raises(NotAMail):
            read_mail(raw)


scraps = st.sampled_from(
    [
        b"From: ",
        b"Subject: ",
        b"Date: ",
        b"Message-ID: <",
        b"\n",
        b"\n\n",
        b"\x00",
        b"\xff\xfe",
        b'"',
        b"<a@",
        b">",
    ]
    + [
        b"Content-Type: multipart/mixed; boundary=X\n",
        b"\n--X\n",
        b"\n--X--",
        b"message/rfc822",
        b"utf-7",
        b"?=",
    ]
    + [
        b"Content-Type: text/html; charset=",
        b"Content-Transfer-Encoding: base64\n",
        b"=?gbk?B?",
        b"filename*0*=",
    ]
    + [
        b"Content-Disposition: attachment; ",
        b"''%E",
        b"\x1b$B",
        b"quoted-printable",
        b"x-uuencode",
        b"begin 6 a",
    ]
)


@given(st.lists(scraps, max_size=30))
def test_nothing_in_a_mail_makes_reading_fail(parts: list[bytes]) -> None:
    mail = read_mail(b"To: a@x.example\n" + b"".join(parts))
    without_quotes(mail.text, mail.subject)
    assert "\x00" not in mail.text + mail.subject


def test_deeply_nested_parts_do_not_exhaust_the_reader() -> None:
    opening = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    try:
        assert read_mail(b"From: a@x.example\n" + opening).attachments == ()
    except NotAMail as refused:
        assert "nested" in str(refused)  # noqa: PT017


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied; owner=x",
        b"Precedence: bulk",
        b"Precedence: auto_reply",
        b"X-Autoreply: yes",
        b"X-Autorespond: x",
        b"X-POST-MessageClass: 9; Autoresponder",
        b"X-MS-Exchange-Inbox-Rules-Loop: a@x.example",
        b"Delivered-To: Autoresponder",
        b"Return-Path: <>",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "Subject: 自动回复：我在休假".encode(),
        "Subject: 系统退信".encode(),
        b"Subject: Automatic reply: hello",
        b"Subject: Undeliverable: hello",
    ],
)
def test_automatic_mail_opens_nothing_and_is_not_answered(header: bytes) -> None:
    mail = read_mail(b"From: a@x.example\n" + header + b"\n\nx")
    assert (mail.is_automatic, mail.may_be_answered) == (True, False)
    assert mail.why


@pytest.mark.parametrize("sender", [b"MAILER-DAEMON@x.example", b"no-reply@x.example", b"bounce+ab=c@x.example"])
def test_machines_are_known_by_their_name(sender: bytes) -> None:
    assert read_mail(b"From: " + sender + b"\n\nx").is_automatic


@pytest.mark.parametrize(
    "header",
    [
        b"List-Id: <residents.example>",
        b"Precedence: list",
        b"X-Auto-Response-Suppress: OOF, AutoReply",
        b"X-Loop: x",
    ],
)
def test_a_person_on_a_list_may_complain_but_is_not_answered_by_a_machine(header: bytes) -> None:
    mail = read_mail(mail_of(b"x", header))
    assert (mail.is_automatic, mail.may_be_answered) == (False, False)


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: no",
        b"X-Auto-Response-Suppress: None",
        "Subject: 退信问题一直没有解决".encode(),
        "Subject: 不在办公室还收费".encode(),
        b"Subject: Automatic doors broken",
    ],
)
def test_a_person_is_not_taken_for_a_machine(header: bytes) -> None:
    mail = read_mail(mail_of(b"x", header))
    assert (mail.is_automatic, mail.may_be_answered) == (False, True)


def test_our_own_address_and_no_address_are_never_answered() -> None:
    assert not read_mail(b"From: Care@hotel.example\n\nx", own_addresses=["care@Hotel.example"]).may_be_answered
    assert not read_mail(b"To: care@hotel.example\n\nx").may_be_answered


@pytest.mark.parametrize(
    "quoted",
    [
        "在 2026年3月1日，20:15，酒店 <care@hotel.example> 写道：\n> 您好",
        "在2026年3月1日 20:15，酒店写道：\n您好",
        "酒店 <care@hotel.example> 于2026年3月1日周日 20:15写道：\n\n> 您好",
        "酒店 <care@hotel.example> 於 2026年3月1日 週日 下午8:15寫道：\n> 您好",
        "於 2026年3月1日 下午8:15，酒店 寫道：\n> 您好",
        '在 2026-03-01 20:15:00，"酒店" <care@hotel.example> 写道：\n您好',
        'At 2026-03-01 20:15:00, "care" <care@hotel.example> wrote:\n>hi',
        "On Sun, Mar 1, 2026 at 8:15 PM Care <care@hotel.example> wrote:\n> hi",
        "On Sun, Mar 1, 2026 at 8:15 PM Care\n<care@hotel.example> wrote:\n\n> hi",
        "On 2026年3月1日, at 20:15, care <care@hotel.example> 写道：\nhi",
        "-----Original Message-----\nFrom: care\nhi",
        "------------------ 原始邮件 ------------------\n发件人: care\nhi",
        "------------------&nbsp;原始邮件&nbsp;------------------\nhi",
        "发件人: care@hotel.example\n发送时间: 2026年3月1日 20:15\n收件人: z3@x.example\n主题: 回复\n\n您好",
        "寄件者: care\n傳送時間: 2026年3月1日\n收件者: z3\n主旨: 回覆\n\n您好",
        "*From:* Care <care@hotel.example>\n*Sent:* Sunday\n*To:* z3\n*Subject:* Re\n\nhi",
        "2026年3月1日(日) 20:15 Care <care@hotel.example>:\n> hi",
        "2026/03/01 20:15、Care <care@hotel.example>のメッセージ:\n> hi",
        "差出人: care\n送信日時: 2026年3月1日\n宛先: z3\n件名: Re\n\nhi",
        "> hi\n> again",
        "发自我的iPhone\n\n> hi",
        "發自我的 iPhone",
        "从我的iPhone发送",
        "Sent from my iPhone",
        "iPhoneから送信",
        "发自 Outlook",
        "来自网易邮箱大师",
        "-- \nAnn Lee, 555 0143",
    ],
)
def test_only_the_new_words_of_a_reply_are_kept(quoted: str) -> None:
    assert without_quotes(f"还是漏水。\n请快来。\n\n{quoted}") == "还是漏水。\n请快来。"


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月1日发生的事情如下：\n水管爆裂。",
        "On Sunday I wrote:\nno answer came.",
        "From: the lobby to my room\nit smells.",
        "前台：你好\n我：漏水了",
        "--\nonly this",
        "从手机发送的照片看不清\n请重看",
    ],
)
def test_a_complaint_that_looks_like_a_quotation_stays_whole(text: str) -> None:
    assert without_quotes(text) == text


def test_answers_between_and_below_quoted_lines_are_kept() -> None:
    text = "On Mon, 2 Mar 2026 at 9:00 Care <care@x.example> wrote:\n> Which room?\n1502\n> Since when?\nNoon"
    assert without_quotes(text) == "1502\nNoon"


def test_a_mail_that_is_all_quotation_is_kept_whole() -> None:
    text = "------------------ 原始邮件 ------------------\n房间漏水"
    assert without_quotes(text) == text


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "请处理\n\n---------- Forwarded message ---------\nFrom: G <g@x.example>\nDate: Sun\n"
            "Subject: 漏水\nTo: <care@x.example>\n\n\n房间漏水。\n谢谢",
            "",
        ),
        (
            "请处理\n\nBegin forwarded message:\n\n> From: G <g@x.example>\n> To: care\n>\n> 房间漏水。\n> 谢谢",
            "",
        ),
        (
            "请处理\n------------------ 原始邮件 ------------------\n发件人: G\n主题: 漏水\n\n房间漏水。\n谢谢",
            "转发：漏水",
        ),
        ("请处理\n发件人: G\n发送时间: 周日\n收件人: care\n主题: 漏水\n房间漏水。\n谢谢", "FW: 漏水"),
        (
            "请处理\n-------- 转发邮件信息 --------\n发件人：G\n发送日期：周日\n收件人：care\n\n房间漏水。\n谢谢",
            "",
        ),
    ],
)
def test_a_forwarded_mail_is_the_complaint(text: str, subject: str) -> None:
    assert without_quotes(text, subject) == "请处理\n\n房间漏水。\n谢谢"


def mail_of(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"From: guest@x.example", *headers, b"", body))


def parts_of(*parts: bytes, kind: bytes = b"mixed", subject: bytes = b"s") -> bytes:
    between = b"".join(b"\n--XX\n" + part for part in parts)
    head = b"From: guest@x.example\nSubject: " + subject + b"\nContent-Type: multipart/" + kind
    return head + b'; boundary="XX"\n' + between + b"\n--XX--\n"
