"""What the store hands out, so that handlers need not know where it comes from."""

from sqlalchemy.engine import RowMapping

Row = RowMapping
