"""Alembic's entry: migrate on the connection that libs.common.migrate opened."""

from libs.common.migrate import run

run()
