"""Drafts of the tenant's Procedure, for its admins (PO-4)."""

from typing import Any
from uuid import UUID

from flask import Response, current_app

from libs.common.procedure.reading import yaml_from_mapping
from libs.common.unit_of_work import Work
from libs.common.web.access import ADMIN, Blueprint, principal
from libs.common.web.idempotency import answered, once
from libs.common.web.seen import tagged, version_seen
from services.tenants.api.answers import page
from services.tenants.handlers import drafts
from services.tenants.handlers.gate import Gate
from services.tenants.handlers.procedures import check, propose
from services.tenants.schemas import Page
from services.tenants.schemas import procedures as schemas
from services.tenants.store import Store

DRAFT = schemas.DraftOut()


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("drafts", access=ADMIN, url_prefix="/v1/drafts")
    _writing(api, gate)
    _looking(api, gate)
    _publishing(api, gate)
    return api


def _writing(api: Blueprint, gate: Gate) -> None:
    @api.route("", methods=["POST"])
    @api.arguments(schemas.DraftForm())
    @api.alt_response(201, schema=schemas.DraftOut())
    def begin(form: dict[str, Any]) -> Response:
        """A draft, from a document, YAML, a preset or a published version. It may have mistakes."""

        def begin_it(work: Work[Store]) -> dict[str, Any]:
            return drafts.begin_draft(work, form, principal().person_id)

        return tagged(once(gate.units, principal().tenant_id, begin_it, DRAFT, 201))

    @api.route("/<uuid:draft_id>", methods=["PUT"])
    @api.arguments(schemas.DraftChanges())
    @api.alt_response(200, schema=schemas.DraftOut())
    def edit(form: dict[str, Any], draft_id: UUID) -> Response:
        """Replace the draft. With `If-Match` only if nobody has changed it since."""
        seen = version_seen(drafts.DraftChanged)

        def edit_it(work: Work[Store]) -> dict[str, Any]:
            return drafts.edit_draft(work, draft_id, form, seen, principal().person_id)

        return tagged(once(gate.units, principal().tenant_id, edit_it, DRAFT))

    @api.route("/<uuid:draft_id>", methods=["DELETE"])
    @api.response(204)
    def drop(draft_id: UUID) -> None:
        """Throw the draft away. With `If-Match` only if nobody has changed it since."""
        with gate.units.begin(principal().tenant_id) as work:
            drafts.drop_draft(work, draft_id, version_seen(drafts.DraftChanged))


def _looking(api: Blueprint, gate: Gate) -> None:
    @api.route("", methods=["GET"])
    @api.arguments(Page(), location="query")
    @api.response(200, schemas.DraftList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """The drafts in the order they were begun."""
        with gate.units.read(principal().tenant_id) as store:
            rows = store.drafts.page(wanted["cursor"], wanted["limit"] + 1)
        return page(rows, wanted["limit"], "draft_id")

    @api.route("/<uuid:draft_id>", methods=["GET"])
    @api.alt_response(200, schema=schemas.DraftOut())
    def show(draft_id: UUID) -> Response:
        """The draft. The ETag goes into `If-Match` of an edit."""
        with gate.units.read(principal().tenant_id) as store:
            draft = drafts.find_draft(store, draft_id)
        return tagged(answered(current_app.json.dumps(DRAFT.dump(draft)), 200))

    @api.route("/<uuid:draft_id>/yaml")
    @api.response(200, schemas.YamlOut())
    def as_yaml(draft_id: UUID) -> dict[str, Any]:
        """The draft as YAML; comments of a text it was imported from are lost."""
        with gate.units.read(principal().tenant_id) as store:
            return {"yaml": yaml_from_mapping(drafts.find_draft(store, draft_id)["document"])}

    @api.route("/<uuid:draft_id>/changes")
    @api.response(200, schemas.DifferenceList())
    def changes(draft_id: UUID) -> dict[str, Any]:
        """What the draft changes of its base version, in sentences. Refused while it has mistakes."""
        with gate.units.read(principal().tenant_id) as store:
            return {"items": drafts.changes_in_draft(store, draft_id)}


def _publishing(api: Blueprint, gate: Gate) -> None:
    @api.route("/<uuid:draft_id>/check", methods=["POST"])
    @api.response(200, schemas.Checked())
    def checked(draft_id: UUID) -> dict[str, Any]:
        """What is wrong with the draft, and what its people cannot do for it; nothing is published."""
        with gate.units.read(principal().tenant_id) as store:
            return check(store, drafts.find_draft(store, draft_id)["document"])

    @api.route("/<uuid:draft_id>/publish", methods=["POST"])
    @api.arguments(schemas.Publishing())
    @api.alt_response(201, schema=schemas.Published())
    def publish(form: dict[str, Any], draft_id: UUID) -> Response:
        """Make the draft the next version. Every mistake is listed at once; warnings must be accepted."""
        with gate.units.read(principal().tenant_id) as store:
            draft = store.drafts.find(draft_id)
        # Published already when the same request comes again: then the kept answer is given below.
        proposal = propose(draft["document"]) if draft else None
        read, seen = draft["revision"] if draft else None, version_seen(drafts.DraftChanged)

        def publish_it(work: Work[Store]) -> dict[str, Any]:
            if seen not in (None, read):
                raise drafts.DraftChanged
            return drafts.publish_draft(work, draft_id, read, proposal, principal().person_id, **form)

        return once(gate.units, principal().tenant_id, publish_it, schemas.Published(), 201)
