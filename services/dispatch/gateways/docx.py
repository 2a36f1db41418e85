"""A form as DOCX, to be gone on with in a word processor."""

import io
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from services.dispatch.domain.forms import Form, Passage

LATIN, CHINESE = "Times New Roman", "宋体"
LABELS = Cm(4.2)
TEXT_WIDTH = Cm(16.6)


def as_docx(form: Form) -> bytes:
    """The form's words are text nodes: nothing of them is taken for markup."""
    document = Document()
    _set_up(document, form)
    for words, size in ((form.title, 17), (form.house, 10)):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(words).font.size = Pt(size)
    _facts(document, form)
    for part in form.parts:
        if part.heading:
            document.add_heading(part.heading, level=2)
        if isinstance(part, Passage):
            document.add_paragraph(part.text)
        else:
            _grid(document, [part.columns, *part.rows])
    document.add_paragraph()
    _grid(document, [[f"{signature}：" for signature in form.signatures]], ruled=False)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Any, form: Form) -> None:
    """A4, and a Chinese font for Chinese: without it a word processor takes one of its own."""
    for name in ("Normal", "Heading 2"):
        font = document.styles[name].font
        font.name, font.size = LATIN, Pt(10.5 if name == "Normal" else 11.5)
        document.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.header.paragraphs[0].text = f"{form.house}\t\t{form.number}"
    about, dated = document.core_properties, form.dated.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author, about.comments = form.title, form.house, ""
    about.created = about.modified = dated


def _facts(document: Any, form: Form) -> None:
    table = _grid(document, [(fact.label, fact.value) for fact in form.facts])
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = LABELS, TEXT_WIDTH - LABELS


def _grid(document: Any, rows: Sequence[Sequence[str]], *, ruled: bool = True) -> Any:
    table = document.add_table(rows=0, cols=len(rows[0]))
    if ruled:
        table.style = "Table Grid"
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    return table
