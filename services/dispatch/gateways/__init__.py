"""What leaves dispatch for people's eyes: forms as documents, PDF to hand out, DOCX to go on writing in."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from services.dispatch.domain.forms.content import Form
from services.dispatch.gateways.docx import as_docx
from services.dispatch.gateways.pdf import as_pdf

PRINTERS: Mapping[str, Callable[[Form], bytes]] = MappingProxyType({"pdf": as_pdf, "docx": as_docx})
