"""Every message in simplified Chinese."""

from services.portal.translations.zh_hans import guest, oversight, procedure, roster, staff, steps, words

MESSAGES = (
    guest.MESSAGES
    | oversight.MESSAGES
    | procedure.MESSAGES
    | roster.MESSAGES
    | staff.MESSAGES
    | steps.MESSAGES
    | words.MESSAGES
)
