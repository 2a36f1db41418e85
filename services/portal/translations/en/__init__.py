"""Every message in English."""

from services.portal.translations.en import guest, procedure, staff, steps, words

MESSAGES = guest.MESSAGES | procedure.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
