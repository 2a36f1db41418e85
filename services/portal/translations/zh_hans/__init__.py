"""Every message in simplified Chinese."""

from services.portal.translations.zh_hans import guest, staff, steps, words

MESSAGES = guest.MESSAGES | staff.MESSAGES | steps.MESSAGES | words.MESSAGES
