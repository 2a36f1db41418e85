"""Every message in simplified Chinese."""

from services.portal.translations.zh_hans import guest, procedure, roster, staff, steps, words

MESSAGES = guest.MESSAGES | procedure.MESSAGES | roster.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
