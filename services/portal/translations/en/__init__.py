"""Every message in English."""

from services.portal.translations.en import guest, staff, steps, words

MESSAGES = guest.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
