"""Inbound mail: read it (`reading`), know machines from people (`automatic`), find what is new (`quotes`)."""

from services.intake.domain.mail.quotes import without_quotes
from services.intake.domain.mail.reading import Attachment, Mail, NotAMail, read_mail

__all__ = ["Attachment", "Mail", "NotAMail", "read_mail", "without_quotes"]
