"""The tables of intake. Contact data and original words are sealed; what is masked may be shown."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from libs.common.db import UtcDateTime, new_metadata
from libs.common.plumbing import due_indexes, make_plumbing

metadata = new_metadata()
plumbing = make_plumbing(metadata)

doors = Table(
    "doors",
    metadata,
    Column("key", String(200), nullable=False),  # a tenant's public name, or the digest of a door's token
    Column("tenant_id", Uuid, nullable=False),
    Column("account_id", Uuid),
    PrimaryKeyConstraint("key"),
)
tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("slug", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    Column("language", String(12), nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("country", String(2), nullable=False),
    PrimaryKeyConstraint("tenant_id"),
)
places = Table(
    "places",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("place_id", Uuid, nullable=False),
    Column("name", String(200), nullable=False),
    Column("label", String(300), nullable=False),
    Column("kind", String(20), nullable=False),  # property | building | unit
    Column("parent_id", Uuid),
    PrimaryKeyConstraint("tenant_id", "place_id"),
)
complaints = Table(
    "complaints",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("number", String(20), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("language", String(12), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("received_by", Uuid),
    Column("place_id", Uuid),
    Column("happened_at", UtcDateTime),
    Column("location", Text),  # masked, without the unit
    Column("text", Text, nullable=False),  # masked
    Column("impact", Text),  # on the complainant, masked
    Column("asked_for", Text),  # masked
    Column("words", LargeBinary, nullable=False),  # the original text, sealed
    Column("impact_words", LargeBinary),
    Column("asked_for_words", LargeBinary),
    Column("location_words", LargeBinary),
    Column("category", String(60)),
    Column("urgency", String(60)),
    Column("major", Boolean, nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("answer_by", JSON, nullable=False),
    Column("claimed_amount", BigInteger),
    Column("external_ref", String(200)),
    Column("follows", Uuid),  # the earlier complaint that it takes up again
    Column("merged_into", Uuid),  # the complaint whose case goes on for both
    Column("merged_at", UtcDateTime),
    Column("attachments", JSON, nullable=False),  # ids
    Column("stage", String(30), nullable=False),
    Column("result", Text),
    Column("prevention", Text),  # how it will not happen again
    Column("closed_at", UtcDateTime),
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
    UniqueConstraint("tenant_id", "number"),
)
complainants = Table(
    "complainants",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("key", LargeBinary, nullable=False),  # the person's own key, wrapped by the tenant's
    Column("name", LargeBinary),
    Column("phone", LargeBinary),
    Column("email", LargeBinary),
    Column("identity_number", LargeBinary),
    Column("phone_print", LargeBinary),
    Column("email_print", LargeBinary),
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
)
origins = Table(
    "origins",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("key", String(300), nullable=False),  # source:kind:id of a review or message; the digest of a mail's id
    Column("complaint_id", Uuid, nullable=False),
    Column("revision_at", UtcDateTime),
    PrimaryKeyConstraint("tenant_id", "key"),
)
messages = Table(
    "messages",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("author", String(20), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("received_by", Uuid),  # of the staff, who took it down
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),  # masked
    Column("words", LargeBinary, nullable=False),
    Column("attachments", JSON, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "message_id"),
)
attachments = Table(
    "attachments",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("attachment_id", Uuid, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("complaint_id", Uuid),  # of a file that staff keep with a complaint
    PrimaryKeyConstraint("tenant_id", "attachment_id"),
    Index(None, "tenant_id", "complaint_id"),
)
accounts = Table(
    "accounts",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),  # mail | ota
    Column("platform", String(40)),
    Column("address", String(200)),
    Column("place_id", Uuid),
    Column("key", LargeBinary, nullable=False),  # the account's own key, wrapped by the tenant's
    Column("secret", LargeBinary, nullable=False),  # what the partner signs with, sealed
    Column("status_url", String(500)),  # where the partner wants to be told statuses
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "account_id"),
)
# What a complaint is judged by when it is asked which belong together (IN-8).
matters = Table(
    "matters",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("category", String(60), nullable=False),  # of the case
    Column("unit_id", Uuid),
    Column("building_id", Uuid),
    Column("property_id", Uuid),
    Column("phone_print", LargeBinary),
    Column("email_print", LargeBinary),
    Column("anonymous", Boolean, nullable=False),
    Column("follows", Uuid),
    Column("group_id", Uuid),
    Column("apart", Boolean, nullable=False),  # a person said that it is one of no group
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
)
for place in ("unit_id", "building_id", "property_id"):
    Index(f"ix_matters_{place}", matters.c.tenant_id, matters.c[place], matters.c.category, matters.c.received_at)
for known_by in ("phone_print", "email_print"):
    Index(f"ix_matters_{known_by}", matters.c.tenant_id, matters.c[known_by], matters.c.received_at)
Index("ix_matters_group_id", matters.c.tenant_id, matters.c.group_id)
repeats = Table(
    "repeats",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),  # the later one
    Column("earlier_id", Uuid, nullable=False),
    Column("same", String(10), nullable=False),  # person | place
    Column("at", UtcDateTime, nullable=False),
    Column("dissolved", Boolean, nullable=False),  # a person said that it does not repeat it
    PrimaryKeyConstraint("tenant_id", "complaint_id", "earlier_id"),
)
# What supervisors say of a person (IN-11), who is known here by keyed prints alone.
standings = Table(
    "standings",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("standing_id", Uuid, nullable=False),
    Column("phone_print", LargeBinary),
    Column("email_print", LargeBinary),
    Column("complaint_id", Uuid, nullable=False),  # on whose page it was set
    Column("kind", String(20), nullable=False),  # malicious | false
    Column("reason", Text, nullable=False),  # masked
    Column("set_at", UtcDateTime, nullable=False),
    Column("set_by", Uuid, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("lifted_by", Uuid),
    Column("lifting", Text),  # why, masked
    PrimaryKeyConstraint("tenant_id", "standing_id"),
)
for known_by in ("phone_print", "email_print"):
    Index(f"ix_standings_{known_by}", standings.c.tenant_id, standings.c[known_by])
progress = Table(
    "progress",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("milestone", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "milestone"),
)
promises = Table(
    "promises",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("clock_id", Uuid, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("waits_for", String(20)),  # whom its limit waits for; set aside meanwhile
    PrimaryKeyConstraint("tenant_id", "complaint_id", "clock_id"),
)
circle = Table(
    "circle",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("place", String(36), nullable=False),  # holders, leader, called, or the id of a department's part
    Column("kind", String(10), nullable=False),  # person | department
    Column("member", String(60), nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "place", "kind", "member"),
)
full_views = Table(
    "full_views",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("view_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", String(300)),  # of a full view; a file is opened without giving one
    Column("attachment_id", Uuid),  # the complainant's file that was opened
    PrimaryKeyConstraint("tenant_id", "view_id"),
)
outside_references = Table(
    "outside_references",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("reference_id", Uuid, nullable=False),
    Column("kind", String(30), nullable=False),  # ota | hotline_12345 | regulator | consumer_association
    Column("ref", String(200), nullable=False),
    Column("account_id", Uuid),  # through whose door it came
    Column("by_id", Uuid),  # of the staff; None: nobody typed it
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id", "reference_id"),
)
outside_statuses = Table(
    "outside_statuses",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("complaint_id", Uuid, nullable=False),
    Column("round", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("occasion", String(50), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("tenant_id", "complaint_id"),
)
handbacks = Table(
    "handbacks",
    metadata,
    Column("tenant_id", Uuid, nullable=False),
    Column("handback_id", Uuid, nullable=False),  # rises with what happens to a complaint
    Column("complaint_id", Uuid, nullable=False),
    Column("reference_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False),
    Column("occasion", String(50), nullable=False),  # the round, the pause, the words of the result
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),  # owed | handed | covered | given_up
    Column("due_at", UtcDateTime),  # None: nothing is sent, or a person has to do it
    Column("attempts", Integer, nullable=False),
    Column("error", String(300)),
    Column("handed_at", UtcDateTime),
    Column("how", String(10)),  # address | screen | phone | letter
    Column("by_id", Uuid),
    Column("note", Text),  # masked
    Column("traceparent", String(55)),
    PrimaryKeyConstraint("tenant_id", "handback_id"),
    UniqueConstraint("tenant_id", "reference_id", "status", "occasion"),
    Index(None, "tenant_id", "complaint_id"),
)
due_indexes(handbacks)
