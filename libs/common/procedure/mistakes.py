"""What is wrong with a document, where, and what was probably meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

LONGEST_NAME = 60


@dataclass(frozen=True)
class Mistake:
    """`path` leads to the spot, as in `limits[2].within`, empty for the whole; `suggestion` may be None."""

    path: str
    message: str
    suggestion: str | None = None

    @property
    def as_error(self) -> dict[str, str]:
        """The mistake as a problem of an API names it."""
        meant = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return {"detail": f"{self.message}{meant}", "pointer": self.path or "#"}


class ProcedureRefused(Exception):
    """The document is not a Procedure; `mistakes` lists every one found, in the order of their paths."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"{mistake.path}: {mistake.message}" for mistake in mistakes))


def joined(path: str, key: str | int) -> str:
    """The path of a part: `limits`, 2 → `limits[2]`; `limits[2]`, `within` → `limits[2].within`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name most like `name`, None when none is near."""
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        return None
    return _nearest(name, tuple(known))


@lru_cache(maxsize=2_000)
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    return next(iter(get_close_matches(name.casefold(), known, n=1, cutoff=0.6)), None)
