"""What every section's schema is built of."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from marshmallow import RAISE, Schema, ValidationError, fields, post_dump, post_load, validate

from libs.common.procedure.shapes.values import Names, an_id, unknown

RIGHT = {
    "required": "is required",
    "null": "is empty: write a value, or leave the key out",
    "type": "write keys with their values here, as in key: value",
}
"""What would be right, by the kind of mistake."""
RIGHT_KIND = (
    (fields.List, "write a list: each entry on a line that begins with a dash"),
    (fields.Integer, "write a whole number"),
    (fields.Boolean, "write true or false"),
    (fields.Date, "write a date: 2026-12-24"),
    (fields.Mapping, RIGHT["type"]),
    (fields.String, "write a text; put quotes around what is only digits"),
)


class Section(Schema):
    """A part of the document that becomes an instance of `makes`."""

    makes: ClassVar[Any]
    error_messages = RIGHT

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        kind = next((right for of, right in RIGHT_KIND if isinstance(field_obj, of)), None)
        field_obj.error_messages |= {name: RIGHT[name] for name in ("required", "null")}
        field_obj.error_messages |= {"invalid": kind} if kind else {}

    class Meta:
        unknown = RAISE

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return self.makes(**data)

    @post_dump
    def without_what_is_not_said(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value not in (None, [], {})}

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: Any) -> None:
        """Say for every unknown field which one was probably meant."""
        known = [field.data_key or name for name, field in self.fields.items()]
        if isinstance(error.messages, dict) and isinstance(data, dict):
            for key in data.keys() - set(known):
                error.messages[key] = unknown(key, known, "field here").messages


class Named(fields.Dict):
    """A mapping whose mistakes stand at the key they concern."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        try:
            return cast(Any, super())._deserialize(value, attr, data, **kwargs)
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            by_key = {key: found.get("key") or found["value"] for key, found in error.messages.items()}
            raise ValidationError(by_key) from error


def some(section: type[Section], *, at_least: int = 0, at_most: int, **options: Any) -> fields.Field[Any]:
    number = f"write {at_least} to {at_most} entries"
    return _Entries(fields.Nested(section), validate=validate.Length(at_least, at_most, error=number), **options)


class _Entries(fields.List[Any]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


def id_field(**options: Any) -> fields.Field[Any]:
    return fields.String(validate=an_id, **options)


def flag(**options: Any) -> fields.Field[Any]:
    return fields.Boolean(truthy={True}, falsy={False}, **options)


def whole(low: int, high: int, **options: Any) -> fields.Field[Any]:
    right = validate.Range(low, high, error=f"write a whole number from {low} to {high}")
    return fields.Integer(strict=True, validate=right, **options)


def any_of(known: Iterable[str] | None = None, kind: str = "name", **options: Any) -> fields.Field[Any]:
    """For conditions: an empty list would hold for nothing, or for everything, so it is refused."""
    return Names(known, kind, validate=validate.Length(1, error="name at least one, or leave it out"), **options)
