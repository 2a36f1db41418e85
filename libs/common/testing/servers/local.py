"""Servers from the machine's own binaries, each in a temporary folder."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from libs.common.testing.servers.missing import NoServer
from libs.common.testing.servers.ports import free_port
from libs.common.testing.servers.processes import Child


class LocalPostgres:
    def __init__(self, port: int, settings: dict[str, str]) -> None:
        self._binaries = postgres_binaries()
        # PostgreSQL refuses to run as root.
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user and not known_user(self._user):
            raise NoServer("PostgreSQL cannot run as root and there is no user `postgres`")
        self._folder = Path(tempfile.mkdtemp(prefix="redress-postgres-"))
        self._data = self._folder / "data"
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
        } | settings
        self._options = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process: Child | None = None

    def start(self) -> None:
        if not self._data.exists():
            self._create()
        command = [str(self._binaries / "postgres"), "-D", str(self._data), *self._options]
        self._process = Child(command, self._folder, signal.SIGINT, user=self._user)

    def _create(self) -> None:
        self._folder.mkdir(exist_ok=True)
        if self._user:
            shutil.chown(self._folder, self._user)
        command = [str(self._binaries / "initdb"), "-D", str(self._data), "-U", "postgres", "-E", "UTF8"]
        command += ["--auth=trust", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(command, user=self._user, cwd=self._folder, capture_output=True, check=False)
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.decode(errors='replace').strip()}")

    def stop(self) -> None:
        if self._process:
            self._process.end()

    def kill(self) -> None:
        if self._process:
            self._process.kill()

    def wipe(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


class LocalRabbit:
    def __init__(self, port: int) -> None:
        self._script = rabbit_script()
        self._epmd = port_mapper()
        self._folder = Path(tempfile.mkdtemp(prefix="redress-rabbit-"))
        self._environment = self._settings(port, free_port(), free_port())
        self._processes: list[Child] = []

    def _settings(self, port: int, distribution_port: int, epmd_port: int) -> dict[str, str]:
        """All by which a node could meet another one is its own: name, cookie, ports, folders, settings."""
        folder = self._folder
        return {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))} | {
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"redress{port}@localhost",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "environment"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        }

    def start(self) -> None:
        self._folder.mkdir(exist_ok=True)
        cookie = self._folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)
        (self._folder / "plugins").write_text("[].")
        (self._folder / "environment").write_text("")
        (self._folder / "rabbitmq.conf").write_text("disk_free_limit.absolute = 50MB\n")
        # Started here and not by the node, which would leave it behind as a daemon.
        self._processes = [
            Child([program], self._folder, signal.SIGTERM, environment=self._environment)
            for program in (self._epmd, str(self._script))
        ]

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.end()

    def kill(self) -> None:
        for process in self._processes:
            process.kill()

    def wipe(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def postgres_binaries() -> Path:
    """The newest installed PostgreSQL. Raises NoServer."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        versions.append(Path(on_path).resolve().parent)
    if not versions:
        raise NoServer("no container engine answers and PostgreSQL's initdb is not installed")
    return max(versions, key=lambda folder: float(folder.parent.name) if folder.parent.name.isdigit() else 0)


def rabbit_script() -> Path:
    """RabbitMQ's own start script, not Debian's wrapper on the path, which insists on the system's node."""
    own = sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))
    on_path = shutil.which("rabbitmq-server")
    if not own and on_path is None:
        raise NoServer("no container engine answers and rabbitmq-server is not installed")
    return own[-1] if own else Path(str(on_path))


def port_mapper() -> str:
    if program := shutil.which("epmd"):
        return program
    raise NoServer("no epmd (Erlang's port mapper) on the path")


def known_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
