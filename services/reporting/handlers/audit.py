"""Proof of the figures: count all facts again and compare."""

from collections import Counter
from dataclasses import fields
from typing import Any

from services.reporting.domain.rollups import Rollups
from services.reporting.store import Store


def recount(store: Store) -> Rollups:
    """The rollups as they must be, from the facts alone. Raises NotYetKnown for a tenant never heard of."""
    zone, counted = store.known.zone(), Rollups()
    for fact in store.facts.all():
        counted.count(fact, zone)
    return counted


def mismatches(store: Store) -> list[str]:
    """Every count that a recount does not confirm, in words; empty when the figures are true."""
    kept, counted = store.rollups.kept(), recount(store)
    found = []
    for field in fields(Rollups):
        is_kept: Counter[Any] = getattr(kept, field.name)
        must_be: Counter[Any] = getattr(counted, field.name)
        found += [
            f"{field.name} {'/'.join(map(str, key))}: {is_kept[key]} kept, {must_be[key]} counted"
            for key in sorted(is_kept.keys() | must_be.keys())
            if is_kept[key] != must_be[key]
        ]
    return found
