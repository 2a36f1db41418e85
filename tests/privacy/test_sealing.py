"""PR-1, PR-3: contact data is readable only with the person's key, in the place it was sealed for."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.privacy.sealing import ALPHABET, CannotOpen, Seal, in_groups

SEAL = Seal(bytes(range(32)))
HOTEL = UUID("0190b2c1-0000-7000-8000-000000000001")
ESTATE = UUID("0190b2c1-0000-7000-8000-000000000002")
GUEST = UUID("0190b2c1-0000-7000-8000-00000000000a")
OTHER_GUEST = UUID("0190b2c1-0000-7000-8000-00000000000b")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_in_its_place(text: str) -> None:
    key = SEAL.new_person_key(HOTEL)
    assert SEAL.open(key, HOTEL, GUEST, "name", SEAL.seal(key, HOTEL, GUEST, "name", text)) == text


@pytest.mark.parametrize(
    ("tenant", "subject", "field"),
    [(ESTATE, GUEST, "phone"), (HOTEL, OTHER_GUEST, "phone"), (HOTEL, GUEST, "email")],
)
def test_what_is_moved_elsewhere_does_not_open(tenant: UUID, subject: UUID, field: str) -> None:
    key = SEAL.new_person_key(HOTEL)
    sealed = SEAL.seal(key, HOTEL, GUEST, "phone", "+8613800138000")
    with pytest.raises(CannotOpen):
        SEAL.open(key, tenant, subject, field, sealed)


def test_another_persons_key_does_not_open_it() -> None:
    sealed = SEAL.seal(SEAL.new_person_key(HOTEL), HOTEL, GUEST, "name", "欧阳娜娜")
    with pytest.raises(CannotOpen):
        SEAL.open(SEAL.new_person_key(HOTEL), HOTEL, GUEST, "name", sealed)


def test_another_platform_key_does_not_open_it() -> None:
    key = SEAL.new_person_key(HOTEL)
    sealed = SEAL.seal(key, HOTEL, GUEST, "name", "欧阳娜娜")
    with pytest.raises(CannotOpen):
        Seal(b"\x07" * 32).open(key, HOTEL, GUEST, "name", sealed)


@given(st.data())
def test_a_changed_byte_does_not_open(data: st.DataObject) -> None:
    key = SEAL.new_person_key(HOTEL)
    sealed = bytearray(SEAL.seal(key, HOTEL, GUEST, "name", "李明"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        SEAL.open(key, HOTEL, GUEST, "name", bytes(sealed))


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_rubbish_is_refused_and_never_crashes(key: bytes, sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        SEAL.open(key, HOTEL, GUEST, "name", sealed)
    with pytest.raises(CannotOpen):
        SEAL.open(SEAL.new_person_key(HOTEL), HOTEL, GUEST, "name", sealed)


def test_a_tenant_cannot_seal_with_a_key_of_another() -> None:
    with pytest.raises(CannotOpen):
        SEAL.seal(SEAL.new_person_key(HOTEL), ESTATE, GUEST, "name", "李明")


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    key = SEAL.new_person_key(HOTEL)
    assert SEAL.seal(key, HOTEL, GUEST, "name", "a") != SEAL.seal(key, HOTEL, GUEST, "name", "a")
    assert SEAL.new_person_key(HOTEL) != SEAL.new_person_key(HOTEL)


def test_a_fingerprint_finds_equal_values_of_one_kind_in_one_tenant() -> None:
    known = SEAL.fingerprint(HOTEL, "phone", "+8613800138000")
    assert known == SEAL.fingerprint(HOTEL, "phone", "+8613800138000")
    others = [(HOTEL, "phone", "+8613800138001"), (HOTEL, "email", "+8613800138000")]
    others += [(ESTATE, "phone", "+8613800138000")]
    assert known not in [SEAL.fingerprint(*other) for other in others]


def test_a_platform_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short")


@given(st.uuids())
def test_a_tracking_secret_is_read_in_any_spelling(complaint_id: UUID) -> None:
    """IN-3"""
    secret = SEAL.tracking_secret(HOTEL, complaint_id)
    assert len(secret) == 12
    assert set(secret) <= set(ALPHABET)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in secret)
    mistaken = secret.replace("0", "O").replace("1", "l")
    for given_as in (in_groups(secret), secret.lower(), f" {secret[:5]} {secret[5:]}", wide, mistaken):
        assert SEAL.is_tracking_secret(HOTEL, complaint_id, given_as)


def test_a_tracking_secret_opens_one_complaint_of_one_tenant() -> None:
    secret = SEAL.tracking_secret(HOTEL, GUEST)
    assert secret == Seal(bytes(range(32))).tracking_secret(HOTEL, GUEST)
    assert not SEAL.is_tracking_secret(HOTEL, OTHER_GUEST, secret)
    assert not SEAL.is_tracking_secret(ESTATE, GUEST, secret)
    assert not SEAL.is_tracking_secret(HOTEL, GUEST, secret[:-1])
    assert not SEAL.is_tracking_secret(HOTEL, GUEST, "")


def test_a_tracking_secret_is_shown_in_three_groups() -> None:
    assert in_groups("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"
