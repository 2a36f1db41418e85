"""A form as DOCX, to be gone on with in a word processor."""

import io
import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from services.dispatch.domain.forms.content import Form, Passage, Table
from services.dispatch.gateways.widths import widths

LATIN = "Times New Roman"
CHINESE = {"zh-Hans": "宋体", "zh-Hant": "新細明體", "en": "宋体"}
GREY = RGBColor(95, 95, 95)
LINE = "_" * 14
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LABELS = Cm(4.2)
TEXT_WIDTH = Cm(16.6)


def as_docx(form: Form) -> bytes:
    """The form's words are text nodes: nothing of them is taken for markup. What XML has no room for is left out."""
    form = _in_xml(form)
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
            _passage(document, part)
        else:
            _table(document, part)
    document.add_paragraph()
    _grid(document, [[f"{signature}\n\n{LINE}" for signature in form.signatures]], ruled=False)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _in_xml(content: Any) -> Any:
    """The same content without the characters that XML 1.0 cannot hold."""
    if isinstance(content, str):
        return NOT_IN_XML.sub("", content)
    if isinstance(content, tuple):
        return tuple(map(_in_xml, content))
    if is_dataclass(content) and not isinstance(content, type):
        return replace(content, **{field.name: _in_xml(getattr(content, field.name)) for field in fields(content)})
    return content


def _set_up(document: Any, form: Form) -> None:
    """A4, and a Chinese font for Chinese: without it a word processor takes one of its own."""
    for name in ("Normal", "Heading 2"):
        font = document.styles[name].font
        font.color.rgb = RGBColor(0, 0, 0)
        font.name, font.size = LATIN, Pt(10.5 if name == "Normal" else 11.5)
        document.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE[form.language])
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.header.paragraphs[0].text = f"{form.house}\t\t{form.number}"
    about, dated = document.core_properties, form.dated.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author, about.comments = form.title, form.house, ""
    about.created = about.modified = dated


def _facts(document: Any, form: Form) -> None:
    grid = _grid(document, [(fact.label, fact.value) for fact in form.facts])
    _set_widths(grid, [LABELS, TEXT_WIDTH - LABELS])


def _passage(document: Any, passage: Passage) -> None:
    document.add_paragraph(passage.text)
    if passage.by:
        font = document.add_paragraph().add_run(passage.by).font
        font.size, font.color.rgb = Pt(8.5), GREY


def _table(document: Any, table: Table) -> None:
    """Its head stands again on every page that it goes on over."""
    grid = _grid(document, [table.columns, *table.rows])
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    shares = widths(table)
    _set_widths(grid, [int(TEXT_WIDTH * share / sum(shares)) for share in shares])


def _set_widths(grid: Any, lengths: Sequence[int]) -> None:
    """On every cell, too: word processors differ in which they go by."""
    for column, length in zip(grid.columns, lengths, strict=True):
        column.width = length
    for row in grid.rows:
        for cell, length in zip(row.cells, lengths, strict=True):
            cell.width = length


def _grid(document: Any, rows: Sequence[Sequence[str]], *, ruled: bool = True) -> Any:
    table = document.add_table(rows=0, cols=len(rows[0]))
    if ruled:
        table.style = "Table Grid"
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    return table
