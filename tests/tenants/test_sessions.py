"""Signing in, staying signed in, signing out."""

import time
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from libs.common.auth import PublicKeys
from services.tenants.handlers import passwords

PASSWORD = "钥匙 keys under the mat"


def test_signing_in_says_who_and_where_one_is(firm):
    session = firm.sign_in().get_json()
    assert session["person"] == {
        "id": str(firm.admin_id),
        "name": "沈岩",
        "roles": ["admin"],
        "departments": [],
        "language": "zh-Hans",
    }
    assert session["tenant"]["slug"] == "linjiang" and session["tenant"]["time_zone"] == "Asia/Shanghai"


def test_the_access_token_speaks_for_the_person_for_ten_minutes(firm, clock):
    firm.hire("mei", "front_line", "coordinator", departments=("engineering",))
    session = firm.sign_in("mei").get_json()
    keys = PublicKeys(firm.keys)
    principal = keys.verify(session["access_token"], clock.now() + timedelta(minutes=9, seconds=59))
    assert (principal.tenant_id, principal.name) == (firm.tenant_id, "Mei")
    assert principal.roles == {"front_line", "coordinator"} and principal.departments == {"engineering"}
    assert datetime.fromisoformat(session["expires_at"]) == clock.now() + timedelta(minutes=10)


@pytest.mark.parametrize("login", ["ADMIN", "ａｄｍｉｎ", " admin "])
def test_case_and_width_of_a_login_do_not_matter(firm, login):
    assert firm.sign_in(login).status_code == 201


def test_whoever_is_refused_does_not_learn_why(firm):
    firm.hire("wei", "front_line", password_hash=None)
    lan = firm.hire("lan", "front_line")
    firm.work(lambda work: work.store.people.change(lan, active=False))
    refused = [
        firm.sign_in(slug="nowhere"),
        firm.sign_in("nobody"),
        firm.sign_in(password="not the password"),
        firm.sign_in("wei"),
        firm.sign_in("lan"),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert len({answer.get_json()["detail"] for answer in refused}) == 1


def test_where_there_is_no_password_one_is_compared_all_the_same():
    def seconds(password_hash):
        def once():
            began = time.perf_counter()
            assert not passwords.matches(password_hash, "not the password")
            return time.perf_counter() - began

        return min(once() for _ in range(7))

    assert 0.6 < seconds(None) / seconds(passwords.hashed(PASSWORD)) < 1.7


def test_nobodys_hash_never_opens_anything():
    assert passwords.renewed(passwords.NOBODYS, "x") is None
    assert not passwords.matches(None, PASSWORD)


@pytest.mark.parametrize(("slug", "login"), [("linjiang", "admin"), ("linjiang", "nobody"), ("nowhere", "admin")])
def test_after_ten_failures_a_login_is_not_tried_for_a_quarter_of_an_hour(firm, clock, slug, login):
    for _ in range(10):
        assert firm.sign_in(login, "not the password", slug).status_code == 401
    clock.advance(minutes=5)
    refused = firm.sign_in(login, PASSWORD, slug)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")


def test_a_blocked_login_opens_again_and_blocks_no_other(firm, clock):
    firm.hire("mei", "front_line")
    for _ in range(12):
        firm.sign_in(password="not the password")
    assert firm.sign_in("mei").status_code == 201
    clock.advance(minutes=15)
    assert firm.sign_in().status_code == 201


def test_the_same_login_of_another_tenant_is_not_blocked(firm, other):
    for _ in range(11):
        firm.sign_in(password="not the password")
    assert (firm.sign_in().status_code, other.sign_in().status_code) == (429, 201)


def test_signing_in_forgives_earlier_failures(firm):
    for _ in range(3):
        for _ in range(9):
            firm.sign_in(password="not the password")
        assert firm.sign_in().status_code == 201


def test_failures_that_are_forgotten_are_not_kept(firm, clock, kept):
    firm.sign_in("typed-my-password-here")
    assert b"typed-my-password-here" not in kept()
    clock.advance(minutes=16)
    firm.sign_in("nobody")
    assert len(failures(firm)) == 1


def test_a_refresh_gives_new_tokens_and_what_the_person_may_do_now(firm, admin, anybody, clock):
    mei = firm.hire("mei", "front_line")
    session = firm.sign_in("mei").get_json()
    admin.patch(f"/v1/people/{mei}", departments=["security"])
    clock.advance(minutes=9)
    renewed = refresh(anybody, session).get_json()
    assert renewed["person"]["departments"] == ["security"]
    assert PublicKeys(firm.keys).verify(renewed["access_token"], clock.now()).departments == {"security"}
    assert renewed["refresh_token"] != session["refresh_token"]


def test_a_session_lasts_as_long_as_it_is_refreshed_within_twelve_hours(firm, anybody, clock):
    session = firm.sign_in().get_json()
    for _ in range(3):
        clock.advance(hours=11, minutes=59)
        session = refresh(anybody, session).get_json()
    clock.advance(hours=12)
    assert refresh(anybody, session).status_code == 401


def test_a_refresh_token_used_again_later_ends_the_session(firm, anybody, clock):
    first = firm.sign_in().get_json()
    second = refresh(anybody, first).get_json()
    clock.advance(seconds=11)
    assert refresh(anybody, first).status_code == 401
    assert refresh(anybody, second).status_code == 401


def test_two_tabs_that_renew_at_once_stay_signed_in(firm, anybody):
    first = firm.sign_in().get_json()
    second = refresh(anybody, first).get_json()
    assert refresh(anybody, first).status_code == 401
    assert refresh(anybody, second).status_code == 201


def test_another_session_of_the_person_goes_on(firm, anybody, clock):
    stolen, mine = firm.sign_in().get_json(), firm.sign_in().get_json()
    refresh(anybody, stolen)
    clock.advance(seconds=11)
    refresh(anybody, stolen)
    assert refresh(anybody, mine).status_code == 201


@pytest.mark.parametrize("token", ["x", "no.token", "00000000000000000000000000000000.abc", "..", "é"])
def test_what_is_no_refresh_token_is_refused(firm, anybody, token):
    assert anybody.post("/v1/sessions/refresh", refresh_token=token).status_code == 401


def test_a_refresh_token_is_of_no_use_under_another_tenant(firm, other, anybody):
    secret = firm.sign_in().get_json()["refresh_token"].partition(".")[2]
    forged = f"{other.tenant_id.hex}.{secret}"
    assert anybody.post("/v1/sessions/refresh", refresh_token=forged).status_code == 401


def test_signing_out_ends_this_session_only(firm, anybody):
    here, there = firm.sign_in().get_json(), firm.sign_in().get_json()
    assert bearer(anybody, here).delete("/v1/sessions/current").status_code == 204
    assert (refresh(anybody, here).status_code, refresh(anybody, there).status_code) == (401, 201)


def test_an_operator_can_sign_out(platform, anybody):
    session = platform.sign_in("operator").get_json()
    assert bearer(anybody, session).delete("/v1/sessions/current").status_code == 204


@pytest.mark.parametrize("change", [{"password": "another long one"}, {"roles": ["manager"]}, {"active": False}])
def test_what_a_person_may_no_longer_do_ends_their_sessions(firm, admin, anybody, change):
    mei = firm.hire("mei", "front_line")
    session = firm.sign_in("mei").get_json()
    assert admin.patch(f"/v1/people/{mei}", **change).status_code == 200
    assert refresh(anybody, session).status_code == 401


@pytest.mark.parametrize("change", [{"phone": "13912345678"}, {"roles": ["front_line"]}, {"active": True}])
def test_what_changes_nothing_of_that_ends_no_session(firm, admin, anybody, change):
    mei = firm.hire("mei", "front_line")
    session = firm.sign_in("mei").get_json()
    assert admin.patch(f"/v1/people/{mei}", **change).status_code == 200
    assert refresh(anybody, session).status_code == 201


def test_a_new_password_replaces_the_old_one(firm, admin):
    admin.patch(f"/v1/people/{firm.admin_id}", password="quite another one")
    assert firm.sign_in().status_code == 401
    assert firm.sign_in(password="quite another one").status_code == 201


def test_a_hash_made_with_older_settings_is_renewed_on_signing_in(firm):
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    mei = firm.hire("mei", "front_line", password_hash=old)
    assert firm.sign_in("mei").status_code == 201
    kept = firm.work(lambda work: work.store.people.find(mei))["password_hash"]
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert firm.sign_in("mei").status_code == 201


def test_neither_password_nor_refresh_token_is_written_down(firm, anybody, kept):
    tokens = [firm.sign_in().get_json()]
    tokens.append(refresh(anybody, tokens[0]).get_json())
    written = kept()
    assert b"linjiang" in written
    for secret in (PASSWORD, *(token["refresh_token"].partition(".")[2] for token in tokens)):
        assert secret.encode() not in written


def test_what_has_ended_is_forgotten_at_the_next_sign_in(firm, anybody, clock):
    refresh(anybody, firm.sign_in().get_json())
    clock.advance(hours=13)
    firm.sign_in()
    assert len(rows_of(firm, "sessions")) == 1 and len(rows_of(firm, "refresh_tokens")) == 1


def failures(firm):
    return rows_of(firm, "attempts")


def rows_of(firm, table):
    with firm.service.database.read() as connection:
        return connection.exec_driver_sql(f"SELECT * FROM {table}").all()


def refresh(anybody, session):
    return anybody.post("/v1/sessions/refresh", refresh_token=session["refresh_token"])


def bearer(anybody, session):
    anybody.headers = {"Authorization": f"Bearer {session['access_token']}"}
    return anybody
