"""Where statuses may be sent: out into the internet and nowhere into our own network."""

import socket
from ipaddress import ip_address

import pytest

from libs.common.testing.partners.ota import OtaPartner
from services.intake.domain.handback import Answer
from services.intake.domain.status_address import NotAStatusAddress, check_address, is_public
from services.intake.gateways.partners import StatusAddresses

INSIDE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
]


@pytest.mark.parametrize("number", INSIDE)
def test_a_number_of_our_own_network_is_not_public(number):
    assert not is_public(ip_address(number))


@pytest.mark.parametrize("number", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_a_number_of_the_internet_is_public(number):
    assert is_public(ip_address(number))


@pytest.mark.parametrize("url", ["https://status.agoda.example/redress", "https://a.example:8443/x?y=1"])
def test_an_https_address_is_taken(url):
    check_address(url, private=False)


@pytest.mark.parametrize(
    "url",
    [
        *("http://a.example/", "file:///etc/passwd", "https:///x", "https://a.example:0/", "https://a.example:99999/"),
        *("https://me@a.example/", "https://a b.example/", "https://例子.example/", "https://a..example/"),
        *("https://127.0.0.1/", "https://[::1]/", "https://[fe80::1%25eth0]/", "https://" + "a" * 64 + ".example/"),
    ],
)
def test_any_other_address_is_refused(url):
    with pytest.raises(NotAStatusAddress):
        check_address(url, private=False)


@pytest.mark.parametrize("numbers", [["10.0.0.8"], ["93.184.216.34", "127.0.0.1"]])
def test_a_name_that_leads_inside_is_not_called(monkeypatch, numbers):
    """SSRF: the name is public, the number behind it is not."""
    with OtaPartner() as inside:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (number, 0)) for number in numbers])
        answer = StatusAddresses(private=False).tell("https://a.example/", {}, b"{}")
        assert (answer, inside.asked) == (Answer(False, True, "the address leads into a private network"), 0)


def test_the_number_that_was_judged_is_the_one_that_is_called(monkeypatch):
    """DNS rebinding: a second look-up, which could lead elsewhere, is not made."""
    asked = []
    with OtaPartner() as platform:
        real, port = socket.getaddrinfo, platform.url.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: asked.append(host) or real(host, *rest))
        monkeypatch.setattr(
            "services.intake.gateways.partners.StatusAddresses._number_of",
            lambda _, address: asked.append(address.host) or "127.0.0.1",
        )
        StatusAddresses(private=True).tell(f"http://status.example:{port}", {}, b"{}")
        assert (asked[0], "status.example" in asked[1:], platform.asked) == ("status.example", False, 1)


def test_a_redirection_is_not_followed():
    with OtaPartner() as platform:
        platform.refuse(307)
        answer = StatusAddresses(private=True).tell(platform.url, {}, b"{}")
        assert (answer.taken, answer.final, platform.asked) == (False, True, 1)


def test_who_cannot_be_reached_is_asked_again():
    with OtaPartner() as platform:
        url = platform.url
    answer = StatusAddresses(private=True).tell(url, {}, b"{}")
    assert (answer.taken, answer.final, answer.reason) == (False, False, "not reached: ConnectError")
