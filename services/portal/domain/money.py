"""Money as people write it and as the services keep it: minor units of an ISO 4217 currency."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")
THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


def in_minor(text: str, currency: str) -> int | None:
    """`1,234.5` CNY is 123450, `500` JPY is 500. None for what is no amount, nothing, or finer than the currency."""
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not AMOUNT.fullmatch(text):
        return None
    minor = Decimal(text).scaleb(get_currency_precision(currency))
    return int(minor) if minor > 0 and minor == minor.to_integral_value() else None


def in_major(amount: int, currency: str) -> Decimal:
    """12050 CNY is 120.50, 500 JPY is 500."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))
