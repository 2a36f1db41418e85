"""Every message in English."""

from services.portal.translations.en import guest, procedure, roster, staff, steps, words

MESSAGES = guest.MESSAGES | procedure.MESSAGES | roster.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
