"""Why a step is not taken. A refusal is an answer for people: it says what would be right."""

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """A step that cannot be taken; `errors` point at the fields that are missing or wrong."""

    def __init__(self, detail: str, errors: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(detail)
        self.errors = list(errors)


class NotAllowed(Refusal):
    """This person may not do this."""


class NotNow(Refusal):
    """The case is not in a state for this."""


class NotAcceptable(Refusal):
    """Something is missing or wrong in what was given."""

    @classmethod
    def field(cls, name: str, detail: str) -> "NotAcceptable":
        """A mistake in one field."""
        return cls.fields([name], detail)

    @classmethod
    def fields(cls, names: Sequence[str], detail: str) -> "NotAcceptable":
        """The same mistake in each of these fields."""
        return cls(detail, [{"detail": detail, "pointer": f"#/{name}"} for name in names])


def unless_given(required: Sequence[str], given: Mapping[str, object]) -> NotAcceptable | None:
    """The refusal that names every required field left empty; False is an answer, no text and no file is not."""
    empty = [name for name in required if given.get(name) in (None, "", [])]
    if not empty:
        return None
    errors = [{"detail": "is required for this step", "pointer": f"#/{name}"} for name in empty]
    return NotAcceptable(f"This step needs: {', '.join(empty)}.", errors)
