"""Servers in containers, where an engine answers."""

import functools
import os
import socket

import docker
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer

from libs.common.testing.servers.missing import NoServer


@functools.cache
def container_engine_answers() -> bool:
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    # Asked here first because the client leaves its socket open when nobody listens.
    if address.startswith("unix://") and not listens(address.removeprefix("unix://")):
        return False
    try:
        docker.from_env(timeout=2).ping()
    except (DockerException, OSError):
        return False
    return True


def listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


class Container:
    """A container on a fixed port; its data lives as long as the container, stopped or not."""

    def __init__(self, image: str, *, inside: int, outside: int) -> None:
        self.description = DockerContainer(image).with_bind_ports(inside, outside)
        self._created = False

    def start(self) -> None:
        try:
            if self._created:
                self.description.get_wrapped_container().start()
            else:
                self.description.start()
        except DockerException as refusal:
            raise NoServer(f"{self.description.image}: {refusal}") from refusal
        self._created = True

    def stop(self) -> None:
        self.description.get_wrapped_container().stop()

    def kill(self) -> None:
        self.description.get_wrapped_container().kill()

    def wipe(self) -> None:
        if self._created:
            self.description.stop()
        self._created = False


def postgres_container(port: int, settings: dict[str, str]) -> Container:
    container = Container("postgres:16", inside=5432, outside=port)
    container.description.with_env("POSTGRES_HOST_AUTH_METHOD", "trust")
    container.description.with_command([word for item in settings.items() for word in ("-c", "=".join(item))])
    return container


def rabbit_container(port: int) -> Container:
    container = Container("rabbitmq:4", inside=5672, outside=port)
    # The node's name contains the host's, and its data is filed under the name.
    container.description.with_kwargs(hostname="redress")
    return container
