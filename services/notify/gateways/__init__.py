"""The ways out, SMTP and SMS, which raise nothing for what partners ordinarily do; and who knows the addresses.

The port itself is `services.notify.domain.message`, so that handlers can name it without knowing a gateway.
"""

from services.notify.domain.message import Gateway, Handed, Message, Outcome, Refused, Uncertain

__all__ = ["Gateway", "Handed", "Message", "Outcome", "Refused", "Uncertain"]
