"""The tenant's Procedure: read by its staff, checked and published by its admins (PO-4)."""

from typing import Any

from flask import Response

from libs.common.unit_of_work import Work
from libs.common.web.access import STAFF, Access, Blueprint, only, principal
from libs.common.web.idempotency import once
from services.tenants.api.answers import page
from services.tenants.handlers import versions
from services.tenants.handlers.gate import Gate
from services.tenants.handlers.procedures import Written, check, procedure_in_force, propose, publish_procedure
from services.tenants.schemas import procedures as schemas
from services.tenants.store import Store


def blueprint(gate: Gate) -> Blueprint:
    api = Blueprint("procedures", access=STAFF)

    @api.route("/procedure")
    @api.response(200, schemas.ProcedureOut())
    def in_force() -> dict[str, Any]:
        """The version for complaints received now."""
        with gate.units.read(principal().tenant_id) as store:
            return procedure_in_force(store, gate.clock.now())

    @api.route("/procedures")
    @api.arguments(schemas.PageByVersion(), location="query")
    @api.response(200, schemas.PublicationList())
    def listed(wanted: dict[str, Any]) -> dict[str, Any]:
        """Every version published, the newest first."""
        with gate.units.read(principal().tenant_id) as store:
            rows = store.publications.page(wanted["cursor"], wanted["limit"] + 1)
        return page(rows, wanted["limit"], "version")

    @api.route("/procedures", methods=["POST"])
    @only("admin")
    @api.arguments(schemas.PublicationForm())
    @api.alt_response(201, schema=schemas.Published())
    def publish(form: dict[str, Any]) -> Response:
        """A new version. Every mistake is listed at once, `pointer` being its path in the document."""
        proposal = propose(_written(form))

        def publish_it(work: Work[Store]) -> dict[str, Any]:
            publishing = {name: form[name] for name in ("active_from", "accept_warnings")}
            return publish_procedure(work, proposal, published_by=principal().person_id, **publishing)

        return once(gate.units, principal().tenant_id, publish_it, schemas.Published(), 201)

    @api.route("/procedures/check", methods=["POST"])
    @only("admin")
    @api.arguments(schemas.WrittenProcedure())
    @api.response(200, schemas.Checked())
    def checked(form: dict[str, Any]) -> dict[str, Any]:
        """What is wrong with a Procedure, and what its people cannot do for it; nothing is published."""
        with gate.units.read(principal().tenant_id) as store:
            return check(store, _written(form))

    _versions(api, gate)
    return api


def presets_blueprint() -> Blueprint:
    api = Blueprint("presets", access=Access(roles=frozenset({"admin", "operator"})))

    @api.route("/presets")
    @api.response(200, schemas.PresetList())
    def listed() -> dict[str, Any]:
        """The Procedures a tenant may start from."""
        return {"items": versions.presets_to_start_from()}

    return api


def _versions(api: Blueprint, gate: Gate) -> None:
    @api.route("/procedures/<int:version>")
    @api.response(200, schemas.ProcedureOut())
    def show(version: int) -> dict[str, Any]:
        """One published version."""
        with gate.units.read(principal().tenant_id) as store:
            return versions.version(store, version)

    @api.route("/procedures/<int:version>/yaml")
    @api.response(200, schemas.YamlOut())
    def as_yaml(version: int) -> dict[str, Any]:
        """The version as YAML, which reads back as the same Procedure; comments are not part of one."""
        with gate.units.read(principal().tenant_id) as store:
            return {"yaml": versions.version_as_yaml(store, version)}

    @api.route("/procedures/<int:before>/changes/<int:after>")
    @api.response(200, schemas.DifferenceList())
    def changes(before: int, after: int) -> dict[str, Any]:
        """What changed from one version to the other, in sentences."""
        with gate.units.read(principal().tenant_id) as store:
            return {"items": versions.changes_between(store, before, after)}


def _written(form: dict[str, Any]) -> Written:
    written: Written = form["yaml"] if "yaml" in form else form["document"]
    return written
