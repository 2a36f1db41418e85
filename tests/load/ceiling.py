"""The ceiling of registering: bare Flask and one durable statement with the same rows, nothing else.

No validation, no sealing, no masking, no tenant binding: what the machine can do at best in this process model.
"""

import os
import threading
from uuid import UUID

import psycopg
import uuid_utils.compat as uuids
from flask import Flask, request

STATEMENT = """
WITH claimed AS (
  INSERT INTO ceiling_keys (tenant_id, key, body) VALUES (%(tenant)s, %(key)s, %(body)s)
  ON CONFLICT DO NOTHING RETURNING 1),
complaint AS (
  INSERT INTO ceiling_complaints (tenant_id, complaint_id, number, body)
  SELECT %(tenant)s, %(id)s, %(number)s, %(body)s FROM claimed)
INSERT INTO ceiling_outbox (tenant_id, event_id, body) SELECT %(tenant)s, %(event)s, %(body)s FROM claimed
"""
TABLES = """
CREATE TABLE ceiling_keys (tenant_id uuid, key text, body text, PRIMARY KEY (tenant_id, key));
CREATE TABLE ceiling_complaints (tenant_id uuid, complaint_id uuid, number text, body text,
  PRIMARY KEY (tenant_id, complaint_id));
CREATE TABLE ceiling_outbox (tenant_id uuid, event_id uuid, body text, PRIMARY KEY (tenant_id, event_id));
"""
TENANT = UUID(int=7)


def create_app() -> Flask:
    app = Flask("ceiling")
    mine = threading.local()  # a connection a thread: cheaper than any pool

    @app.post("/v1/public/bench/complaints")
    def register() -> tuple[dict[str, str], int]:
        body = request.get_json()
        complaint_id = uuids.uuid7()
        values = {
            "tenant": TENANT,
            "key": request.headers["Idempotency-Key"],
            "body": body["text"],
            "id": complaint_id,
            "number": str(complaint_id.int % 10**7),
            "event": uuids.uuid7(),
        }
        if not hasattr(mine, "connection"):
            mine.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        mine.connection.execute(STATEMENT, values)
        return {"complaint_id": str(complaint_id)}, 201

    @app.get("/readyz")
    def ready() -> dict[str, str]:
        return {"status": "ready"}

    return app


def make_tables(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
