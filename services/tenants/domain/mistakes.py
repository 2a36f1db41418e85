"""What is wrong with what was given, field by field."""

from collections.abc import Iterable, Mapping

from libs.common.procedure.mistakes import nearest

FieldMistake = tuple[str, str]
"""A field's name, as `roles`, and what is wrong with it and what would be right."""


class NotAcceptable(Exception):
    """Some fields are missing or wrong."""

    def __init__(self, errors: Iterable[Mapping[str, str]], detail: str | None = None) -> None:
        super().__init__(detail or "Some fields are missing or wrong.")
        self.errors = list(errors)

    @classmethod
    def of(cls, mistakes: Iterable[FieldMistake], under: str = "#") -> "NotAcceptable":
        """Each mistake with a JSON pointer to its field; `under` points at the object that has the fields."""
        return cls([{"detail": detail, "pointer": f"{under}/{field}"} for field, detail in mistakes])


class AlreadyTaken(NotAcceptable):
    """Another one has this name already."""


def not_among(name: str, known: Iterable[str]) -> str:
    """Says that `name` is not one of the known ones, and which one was probably meant."""
    known = tuple(known)
    near = nearest(name, known)
    meant = f"; did you mean {near}?" if near else ""
    return f"{name} is not known here; choose from: {', '.join(known)}{meant}"
