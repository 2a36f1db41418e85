"""Who of the staff asks to see what is for the people of a case alone."""

from libs.common.web.access import principal
from services.intake.domain.circle import Looking


def looking() -> Looking | None:
    """The person who asks; None: a program."""
    asking = principal()
    return Looking(asking.person_id, asking.roles, asking.departments) if asking.person_id else None
