"""Where the next page of a list goes on: the moment and the id of the last row of the page before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Tuple, literal, tuple_


def place_of(after: tuple[datetime, UUID], moment: Column[datetime], clock_id: Column[UUID]) -> Tuple:
    """To be compared with the columns that the list is ordered by."""
    return tuple_(literal(after[0], moment.type), literal(after[1], clock_id.type))
