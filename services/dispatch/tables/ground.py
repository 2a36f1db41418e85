"""What all tables of dispatch stand on."""

from libs.common.db import new_metadata
from libs.common.plumbing import make_plumbing

metadata = new_metadata()
plumbing = make_plumbing(metadata)
