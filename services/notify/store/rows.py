"""What the store hands out, so that handlers need not know where it comes from."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[Any, Any]
