"""A TCP proxy that can fall silent: what a cut cable looks like, which no killed server can show."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CHUNK = 65_536


class Proxy:
    """Passes every connection on to one server. `swallow()`: takes all bytes and passes none; `stall()`: does
    not even take them; `flow()`: passes again, on new connections only."""

    def __init__(self, host: str, port: int, url: str) -> None:
        self._target = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._silent = threading.Event()
        self._flowing = threading.Event()
        self._flowing.set()
        self._ended = threading.Event()
        self._open: list[socket.socket] = []
        self.url = url.replace(f"{host}:{port}", f"127.0.0.1:{self._listening.getsockname()[1]}")

    @classmethod
    def before(cls, url: str) -> Self:
        """A proxy before the server that `url` names; its own `url` goes through it."""
        parts = urlsplit(url)
        assert parts.hostname and parts.port
        return cls(parts.hostname, parts.port, url)

    def swallow(self) -> None:
        self._silent.set()

    def stall(self) -> None:
        self._flowing.clear()

    def flow(self) -> None:
        """Cut what was swallowed, and serve new connections."""
        self._cut()
        self._silent.clear()
        self._flowing.set()

    def __enter__(self) -> Self:
        self._start(self._accepting)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._flowing.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._cut()

    def _cut(self) -> None:
        cut, self._open = self._open, []
        for end in cut:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accepting(self) -> None:
        while not self._ended.is_set():
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(self._target, timeout=5)
            far.settimeout(None)
            self._open += [near, far]
            self._start(self._passing, near, far)
            self._start(self._passing, far, near)

    def _passing(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(CHUNK):
                self._flowing.wait()
                if not self._silent.is_set():
                    sink.sendall(content)
            sink.shutdown(socket.SHUT_RDWR)

    def _start(self, run: Callable[..., None], *values: socket.socket) -> None:
        threading.Thread(target=run, args=values, daemon=True).start()
