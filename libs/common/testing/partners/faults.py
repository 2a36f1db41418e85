"""What a partner is told to do wrong, in order; after that it behaves."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

Kind = Literal["refuse", "unavailable", "drop", "hang"]


@dataclass(frozen=True)
class Fault:
    """One misbehaviour: refuse with `answer`, be unavailable, or accept and then drop or never answer."""

    kind: Kind
    answer: str = ""


class Faults:
    """The misbehaviours still to come. May be filled while the partner serves."""

    def __init__(self) -> None:
        self._coming: deque[Fault] = deque()

    def add(self, fault: Fault, times: int = 1) -> None:
        self._coming.extend([fault] * times)

    def next(self) -> Fault | None:
        try:
            return self._coming.popleft()
        except IndexError:
            return None
