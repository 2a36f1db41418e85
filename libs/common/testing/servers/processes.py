"""Server processes that end when told to, when killed, and when we die ourselves."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from libs.common.testing.waiting import eventually

STOP_SECONDS = 20.0


class Child:
    """A server process that gets its `farewell` even when this process dies without a word."""

    def __init__(
        self,
        command: list[str],
        folder: Path,
        farewell: signal.Signals,
        *,
        user: str | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._farewell = farewell
        with (folder / f"{Path(command[0]).name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                user=user,
                cwd=folder,
                start_new_session=True,
            )
        # Reads until our end of the pipe closes, which it does however we end.
        farewell_call = f"kill -{farewell.value} {self._process.pid} 2>/dev/null"
        last_will = f"cat >/dev/null; {farewell_call}; sleep 5; rm -rf '{folder}'"
        self._guard = subprocess.Popen(["/bin/sh", "-c", last_will], stdin=subprocess.PIPE, start_new_session=True)

    def end(self) -> None:
        self._process.send_signal(self._farewell)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._dismiss_guard()

    def kill(self) -> None:
        """SIGKILL to the process and all that came of it, each stopped first so that none can fork away."""
        family: set[int] = set()
        while found := descendants(self._process.pid) - family:
            signal_all(found, signal.SIGSTOP)
            family |= found
        signal_all(family, signal.SIGKILL)
        self._process.wait()
        eventually(lambda: not family & running_processes().keys(), within=STOP_SECONDS)
        self._dismiss_guard()

    def _dismiss_guard(self) -> None:
        signal_all({self._guard.pid}, signal.SIGKILL)
        self._guard.communicate()


def running_processes() -> dict[int, int]:
    """Process id → parent's id, without those that are dead and only wait to be buried."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listing.splitlines())
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def descendants(root: int) -> set[int]:
    """The process and all that came from it."""
    parents = running_processes()
    family = {root} & parents.keys()
    while children := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= children
    return family


def signal_all(processes: set[int], what: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, what)
