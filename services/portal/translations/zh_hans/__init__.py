"""Every message in simplified Chinese."""

from services.portal.translations.zh_hans import guest, roster, staff, steps, words

MESSAGES = guest.MESSAGES | roster.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
