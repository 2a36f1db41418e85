"""Every message in English."""

from services.portal.translations.en import guest, roster, staff, steps, words

MESSAGES = guest.MESSAGES | roster.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
