"""Amounts of money: whole minor units inside, decimals for people."""

from decimal import Decimal

from babel.numbers import get_currency_precision


def in_major(amount: int, currency: str) -> Decimal:
    """12050 CNY is 120.50, 500 JPY is 500; `currency` is an ISO 4217 code."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))
