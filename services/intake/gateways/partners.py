"""The addresses of those who sent complaints on: told over HTTP, never inside our own network."""

import socket
from collections.abc import Mapping
from ipaddress import ip_address

import httpx

from services.intake.domain.handback import Answer, answer_of
from services.intake.domain.status_address import NotAStatusAddress, check_address, is_public

TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=5.0, pool=3.0)
# A connection is made to one number in one name; the next name behind that number must not get to use it.
NOTHING_KEPT = httpx.Limits(max_keepalive_connections=0)


class StatusAddresses:
    """`private`: addresses of our own network are asked, too."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._http = httpx.Client(timeout=TIMEOUT, limits=NOTHING_KEPT, trust_env=False, follow_redirects=False)

    def tell(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the address answered. The name is looked up once and the number found is called: a name that
        leads elsewhere the next moment (DNS rebinding) leads nowhere."""
        try:
            check_address(url, private=self._private)
            address = httpx.URL(url)
            called = address.copy_with(host=self._number_of(address))
            request = self._http.build_request(
                "POST",
                called,
                headers={**headers, "Host": address.netloc.decode(), "Content-Type": "application/json"},
                content=body,
                extensions={"sni_hostname": address.host},
            )
            response = self._http.send(request, stream=True)
            response.close()
        except NotAStatusAddress as mistake:
            return Answer(False, True, f"the address {mistake}")
        except httpx.InvalidURL:
            return Answer(False, True, "the address cannot be read")
        except (httpx.HTTPError, OSError, UnicodeError) as trouble:
            return Answer(False, False, f"not reached: {type(trouble).__name__}")
        return answer_of(response.status_code)

    def _number_of(self, address: httpx.URL) -> str:
        """Raises NotAStatusAddress where any of its numbers is not public, OSError where there is none."""
        port = address.port or (443 if address.scheme == "https" else 80)
        found = [str(info[4][0]) for info in socket.getaddrinfo(address.host, port, type=socket.SOCK_STREAM)]
        if not self._private and not all(is_public(ip_address(number)) for number in found):
            raise NotAStatusAddress("leads into a private network")
        return found[0]
