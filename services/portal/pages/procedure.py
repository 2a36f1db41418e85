"""The tenant's Procedure for its admins: versions, drafts, one draft from its text to its publication (PO-4)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.portal.domain.answers import CHANGED_SINCE, NotAllowed, Part, RequestRefused, ServiceUnavailable
from services.portal.pages.asking import gather, services
from services.portal.pages.forms import Form, given
from services.portal.pages.names import names_of
from services.portal.pages.visitor import need_sign_in, signed_in
from services.portal.pages.wording import language, t

pages = Blueprint("procedure", __name__, url_prefix="/procedure")


def need_admin() -> Response | None:
    """Raises SignInNeeded, NotAllowed."""
    answer = need_sign_in()
    if not signed_in().writes_rules:
        raise NotAllowed(403, {}, ())
    return answer


pages.before_request(need_admin)


@pages.get("")
def show() -> str:
    return listed(Form())


def listed(form: Form) -> str:
    token, asked = signed_in().token, services().tenants
    parts = gather(
        {
            "versions": lambda: asked.versions(token),
            "drafts": lambda: asked.drafts(token),
            "presets": lambda: asked.presets(token),
            "people": lambda: asked.people(token),
        }
    )
    people = {str(each.get("id")): each.get("name") for each in parts.pop("people").items}
    return render_template("procedure/list.html", form=form, people=people, said=request.args.get("said"), **parts)


@pages.post("/drafts")
def begin() -> tuple[str, int] | Response:
    form = Form.sent()
    form.need(["name"])
    content = _beginning(form)
    try:
        if form.clean:
            named = {"name": form.text("name"), **content}
            draft = services().tenants.begin_draft(signed_in().token, named, key=form.key, language=language())
            return redirect(url_for("procedure.show_draft", draft_id=draft["id"]))
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        form.refused(refused, ("name", "file"))
    return listed(form), 422


def _beginning(form: Form) -> dict[str, Any]:
    """A text that was uploaded, else the version or preset that was chosen."""
    upload = request.files.get("file")
    if upload and upload.filename:
        try:
            return {"yaml": upload.read().decode("utf-8")}
        except UnicodeDecodeError:
            form.errors["file"] = t("procedure.not_text")
            return {}
    kind, _, named = (form.text("from") or "").partition(":")
    if kind == "version" and named.isdecimal():
        return {"version": int(named)}
    if kind == "preset" and named:
        return {"preset": named}
    form.errors["from"] = t("procedure.begin_with_something")
    return {}


@pages.get("/drafts/<uuid:draft_id>")
def show_draft(draft_id: UUID) -> str:
    return draft_page(draft_id)


def draft_page(draft_id: UUID, *, form: Form | None = None, tried: str = "edit", **shown: Any) -> str:
    """One draft; `form` is the one that was `tried` and refused. Raises NotThere, ServiceUnavailable."""
    token, asked, this = signed_in().token, services().tenants, str(draft_id)
    draft = asked.draft(token, this)
    parts = gather(
        {
            "yaml": lambda: asked.draft_yaml(token, this),
            "checked": lambda: asked.check_draft(token, this),
            "changes": lambda: asked.draft_changes(token, this),
        }
    )
    text = parts["yaml"].value["yaml"] if parts["yaml"].here else ""
    forms = {name: Form() for name in ("try", "preview", "publish", "drop")} | {"edit": Form({"yaml": text})}
    if form is not None:
        forms[tried] = form
    return render_template(
        "procedure/draft.html",
        draft=draft,
        text=text,
        forms=forms,
        names=names_of(document(draft)),
        said=request.args.get("said"),
        **parts,
        **shown,
    )


def document(draft: Mapping[str, Any]) -> Part:
    """The draft as the answer that a Procedure is, for the names it gives."""
    return Part({"document": draft.get("document")})


@pages.post("/drafts/<uuid:draft_id>")
def edit(draft_id: UUID) -> tuple[str, int] | Response:
    def send(form: Form) -> None:
        text = str(form.values.get("yaml") or "")
        services().tenants.edit_draft(
            signed_in().token, str(draft_id), text, _seen(form), key=form.key, language=language()
        )

    return _sent(draft_id, "edit", send, url_for("procedure.show_draft", draft_id=draft_id, said="saved"))


@pages.post("/drafts/<uuid:draft_id>/publish")
def publish(draft_id: UUID) -> tuple[str, int] | Response:
    def send(form: Form) -> None:
        begins = form.moment("active_from")
        if form.clean:
            content = given(active_from=begins) | {"accept_warnings": form.ticked("accept_warnings")}
            services().tenants.publish_draft(
                signed_in().token, str(draft_id), content, _seen(form), key=form.key, language=language()
            )

    return _sent(draft_id, "publish", send, url_for("procedure.show", said="published"))


@pages.post("/drafts/<uuid:draft_id>/drop")
def drop(draft_id: UUID) -> tuple[str, int] | Response:
    def send(form: Form) -> None:
        services().tenants.drop_draft(signed_in().token, str(draft_id), _seen(form))

    return _sent(draft_id, "drop", send, url_for("procedure.show", said="dropped"))


def _sent(draft_id: UUID, what: str, send: Callable[[Form], None], afterwards: str) -> tuple[str, int] | Response:
    """On to `afterwards`; or the draft again, with what was wrong or with what somebody else made of it meanwhile."""
    form, overtaken = Form.sent(), False
    try:
        send(form)
        if form.clean:
            return redirect(afterwards)
    except ServiceUnavailable:
        form.silent()
    except RequestRefused as refused:
        overtaken = refused.status == CHANGED_SINCE
        if overtaken:
            form = Form(values=form.values, general=[t("procedure.changed_since")])
        else:
            form.refused(refused, ("active_from",))
    return draft_page(draft_id, form=form, tried=what, overtaken=overtaken and what == "edit"), 422


def _seen(form: Form) -> int | None:
    text = form.text("revision") or ""
    return int(text) if text.isdecimal() and len(text) < 10 else None
