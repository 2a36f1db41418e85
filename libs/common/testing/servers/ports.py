"""A port of one's own."""

import contextlib
import random
import socket

from libs.common.testing.servers.missing import NoServer

# Below the range from which the kernel takes ports for outgoing connections: ours stays free over a restart.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    for _ in range(200):
        port = random.SystemRandom().choice(PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise NoServer(f"no free port between {PORTS.start} and {PORTS.stop}")
