"""The places a tenant looks after: property › building › unit."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from libs.common.events.tenants import PlaceChanged
from libs.common.unit_of_work import Work
from services.tenants.domain.mistakes import AlreadyTaken, NotAcceptable, not_among
from services.tenants.domain.naming import one_line
from services.tenants.domain.place import LIES_IN, Parent, label_of, misplaced
from services.tenants.store import Store
from services.tenants.store.places import PlaceTaken


def add_place(work: Work[Store], kind: str, name: str, parent_id: UUID | None = None) -> dict[str, Any]:
    """A new place, with its id and its full name from the top. `kind`: property, building or unit.

    Raises NotAcceptable, AlreadyTaken when there is a place of this name at this spot.
    """
    name = one_line(name)
    if not name:
        raise NotAcceptable.of([("name", "give the place a name")])
    if kind not in LIES_IN:
        raise NotAcceptable.of([("kind", not_among(kind, LIES_IN))])
    parent = _parent(work.store, parent_id)
    if mistake := misplaced(kind, parent):
        raise NotAcceptable.of([mistake])
    place: dict[str, Any] = {"place_id": uuids.uuid7(), "kind": kind, "name": name, "parent_id": parent_id}
    place["label"] = label_of(name, parent)
    try:
        work.store.places.add(**place)
    except PlaceTaken as taken:
        raise AlreadyTaken.of([("name", f"there is a {place['label']} already")]) from taken
    work.record(PlaceChanged(tenant_id=work.tenant_id, subject=place["place_id"], occurred_at=work.now, **place))
    return place


def _parent(store: Store, parent_id: UUID | None) -> Parent | None:
    if parent_id is None:
        return None
    row = store.places.find(parent_id)
    if row is None:
        raise NotAcceptable.of([("parent_id", "there is no such place; give the id of one of yours")])
    return Parent(row["kind"], row["label"])
