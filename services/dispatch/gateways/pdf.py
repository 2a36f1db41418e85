"""A form as PDF, set by typst. The form goes in as JSON data, so that no word of it is taken for markup."""

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as simplified
import pylopdf_fonts_zh_tw as traditional
import typst

from services.dispatch.domain.forms.content import Form, Part, Passage
from services.dispatch.gateways.widths import widths

TEMPLATE = Path(__file__).with_name("form.typ")
FONTS = [str(Path(fonts.serif_path()).parent) for fonts in (simplified, traditional)]


def as_pdf(form: Form) -> bytes:
    """The same form gives the same bytes: its date is the form's, and only fonts that are shipped are used."""
    printed: bytes = typst.compile(
        str(TEMPLATE),
        format="pdf",
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"form": json.dumps(_content(form), ensure_ascii=False)},
        timestamp=int(form.dated.timestamp()),
    )
    return printed


def _content(form: Form) -> dict[str, Any]:
    dated = form.dated.astimezone(UTC)
    return {
        "title": form.title,
        "house": form.house,
        "number": form.number,
        "language": form.language,
        "page": form.page,
        "dated": [dated.year, dated.month, dated.day, dated.hour, dated.minute, dated.second],
        "facts": [[fact.label, fact.value] for fact in form.facts],
        "parts": [_part(part) for part in form.parts],
        "signatures": list(form.signatures),
    }


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Passage):
        return {"heading": part.heading, "text": part.text, "by": part.by}
    return {
        "heading": part.heading,
        "columns": list(part.columns),
        "rows": [list(row) for row in part.rows],
        "widths": widths(part),
    }
