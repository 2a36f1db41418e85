"""Every message in English."""

from services.portal.translations.en import guest, oversight, procedure, roster, staff, steps, words

MESSAGES = (
    guest.MESSAGES
    | oversight.MESSAGES
    | procedure.MESSAGES
    | roster.MESSAGES
    | staff.MESSAGES
    | steps.MESSAGES
    | words.MESSAGES
)
