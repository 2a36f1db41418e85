"""Every message in simplified Chinese."""

from services.portal.translations.zh_hans import guest, procedure, staff, steps, words

MESSAGES = guest.MESSAGES | procedure.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
