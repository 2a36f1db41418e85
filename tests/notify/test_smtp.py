import smtplib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from libs.common.testing.partners.mail import MailPartner
from services.notify.domain.message import Handed, Message, Refused, Uncertain
from services.notify.gateways.smtp import SmtpMail, SmtpServer, compose, is_address

NOW = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "Precedence", "Content-Language"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
]


def test_a_mail_arrives_as_written(server):
    assert mail_to(server).send(notice(), NOW) == Handed("<notice-1.mail@notices.example>")
    mail = server.received[0]
    assert mail.recipients == ("guest@example.org",)
    assert mail.envelope_from == "desk@notices.example"
    assert mail.subject == "您的投诉 R-17"
    assert mail.text == "您好：\n我们已登记您的投诉。\n"
    assert mail.message["From"].addresses[0].display_name == "云栖酒店"


def test_our_mail_asks_machines_not_to_answer(server):
    """T20, RFC 3834."""
    mail_to(server).send(notice(), NOW)
    mail = server.received[0].message
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "auto_reply"


def test_an_answer_to_a_mail_says_so_and_to_which(server):
    mail_to(server).send(notice(in_reply_to="<abc@guest.example>"), NOW)
    mail = server.received[0].message
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == mail["References"] == "<abc@guest.example>"


def test_a_mail_sent_again_keeps_its_message_id(server):
    """NO-4: the reader's mailbox can tell that it is the same."""
    server.drop_answers()
    mail = mail_to(server)
    assert isinstance(mail.send(notice(), NOW), Uncertain)
    assert isinstance(mail.send(notice(), NOW + timedelta(minutes=1)), Handed)
    assert server.copies("<notice-1.mail@notices.example>") == 2


def test_4xx_is_refused_for_now_by_code_only(server):
    server.refuse(answer="451 4.7.1 guest@example.org is greylisted")
    assert mail_to(server).send(notice(), NOW) == Refused(False, "mail server: 451 4.7.1")


def test_5xx_is_refused_for_good_by_code_only(server):
    server.refuse(answer="550 5.1.1 <guest@example.org> unknown")
    assert mail_to(server).send(notice(), NOW) == Refused(True, "mail server: 550 5.1.1")
    assert server.received == []


def test_a_server_that_never_answers_the_mail_leaves_it_uncertain(server):
    server.hang()
    outcome = mail_to(server, step_seconds=1).send(notice(), NOW)
    assert outcome == Uncertain("mail server: SMTPServerDisconnected after the mail was sent")


def test_the_whole_dialogue_is_limited(server):
    server.hang()
    assert isinstance(mail_to(server, total_seconds=1).send(notice(), NOW), Uncertain)


def test_where_nobody_listens_it_is_refused_for_now():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = SmtpMail(settings(port)).send(notice(), NOW)
    assert outcome == Refused(False, "mail server: ConnectionRefusedError")


def test_a_login_the_server_does_not_know_is_refused_for_now(server):
    mail = SmtpMail(settings(server.port, username="desk", password="s3cret"))
    assert mail.send(notice(), NOW) == Refused(False, "mail server: does not offer what the settings ask for")


def test_a_server_without_starttls_gets_no_mail(server):
    outcome = SmtpMail(settings(server.port, tls="starttls")).send(notice(), NOW)
    assert outcome == Refused(False, "mail server: does not offer what the settings ask for")
    assert server.received == []


def test_starttls_is_used_with_a_certificate_we_trust(certificate):
    with MailPartner(tls=certificate.serving) as server:
        mail = SmtpMail(settings(server.port, host="localhost", tls="starttls"), tls_context=certificate.trusting)
        assert isinstance(mail.send(notice(), NOW), Handed)


def test_tls_may_begin_at_once(certificate):
    with MailPartner(tls=certificate.serving, tls_at_once=True) as server:
        mail = SmtpMail(settings(server.port, host="localhost", tls="tls"), tls_context=certificate.trusting)
        assert isinstance(mail.send(notice(), NOW), Handed)


def test_starttls_with_a_certificate_we_do_not_trust_sends_nothing(certificate):
    with MailPartner(tls=certificate.serving) as server:
        outcome = SmtpMail(settings(server.port, host="localhost", tls="starttls")).send(notice(), NOW)
        assert outcome == Refused(False, "mail server: SSLCertVerificationError")
        assert server.received == []


def test_the_null_return_path_can_be_chosen(server):
    SmtpMail(settings(server.port, return_path="")).send(notice(), NOW)
    assert server.received[0].envelope_from == ""


@pytest.mark.parametrize(
    "address",
    [
        *("", "guest", "guest@", "@example.org", "a b@example.org", "guest@example.org\n", "<g@example.org>"),
        *("a@example.org,b@example.org", "guest@example.org\r\nRCPT TO:<x@example.org>", "客人@example.org"),
        *("guest@exa\u2028mple.org", "guest@-example.org", "a" * 250 + "@example.org", "a..b@example.org"),
    ],
)
def test_what_is_not_one_plain_address_gets_no_mail(server, address):
    """T18."""
    assert not is_address(address)
    assert mail_to(server).send(notice(to=address), NOW) == Refused(True, "the address cannot be written to")


LINE_ENDS = [
    "\r",
    "\n",
    "\r\n",
    "\x85",
    "\u2028",
    "\u2029",
    "\0",
    "%0d%0a",
    "=?utf-8?q?=0d=0aBcc:_a@b.example?=",
]
hostile = st.lists(
    st.sampled_from([*LINE_ENDS, "Bcc: a@b.example", '"', "<", ">", ",", "@", "\ud800", "云栖" * 40]) | st.text(),
    max_size=6,
).map("".join)


@given(subject=hostile, sender_name=hostile, text=hostile, reply=hostile, language=hostile)
def test_whatever_the_values_hold_every_header_appears_once(subject, sender_name, text, reply, language):
    """T18."""
    message = notice(subject=subject, sender_name=sender_name, text=text, in_reply_to=reply, language=language)
    raw = compose(message, settings(25), NOW).as_bytes()
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b"\t")
    names = [line.partition(b":")[0].decode("ascii") for line in head.splitlines()]
    assert len(set(names)) == len(names)
    assert set(names) <= set(HEADERS)
    assert read(raw)["From"].addresses[0].addr_spec == "desk@notices.example"
    assert [str(one) for one in read(raw)["To"].addresses] == ["guest@example.org"]


def test_a_subject_with_a_line_end_stays_readable_on_one_line():
    mail = compose(notice(subject="R-17\r\nBcc: spy@example.org"), settings(25), NOW)
    assert read(mail.as_bytes())["Subject"] == "R-17 Bcc: spy@example.org"
    assert mail["Bcc"] is None


def test_a_message_key_that_is_none_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="message key"):
        notice(message_key="a>\r\nBcc: b")


def test_settings_do_not_print_the_password():
    assert "s3cret" not in repr(settings(25, username="desk", password="s3cret"))


def test_a_greeting_that_turns_us_away_is_refused_for_now(monkeypatch):
    def turned_away(*_, **__):
        raise smtplib.SMTPConnectError(554, b"no service for 10.1.2.3")

    monkeypatch.setattr(smtplib, "SMTP", turned_away)
    assert SmtpMail(settings(25)).send(notice(), NOW) == Refused(False, "mail server: 554")


@pytest.fixture
def server():
    with MailPartner() as partner:
        yield partner


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return Certificate(tmp_path_factory.mktemp("certificate") / "localhost.pem")


class Certificate:
    def __init__(self, path):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        today = datetime(2020, 1, 1, tzinfo=UTC)
        signed = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(today)
            .not_valid_after(today + timedelta(days=36_500))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(secret + signed.public_bytes(pem))
        self.serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.serving.load_cert_chain(path)
        self.trusting = ssl.create_default_context(cadata=signed.public_bytes(pem).decode())


def mail_to(server, **limits):
    return SmtpMail(settings(server.port), **limits)


def settings(port, **changes):
    return SmtpServer(**{"host": "127.0.0.1", "port": port, "sender": "desk@notices.example", "tls": "none"} | changes)


def notice(**changes):
    return Message(
        **{
            "to": "guest@example.org",
            "subject": "您的投诉 R-17",
            "text": "您好：\n我们已登记您的投诉。",
            "language": "zh-Hans",
            "message_key": "notice-1.mail",
            "sender_name": "云栖酒店",
        }
        | changes
    )


def read(raw):
    return message_from_bytes(raw, policy=policy.default)
