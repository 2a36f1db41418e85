"""PR-1, PR-3: how intake keeps a complainant's contact data, on the rules of the privacy library."""

from uuid import UUID

import pytest

from libs.common.privacy.sealing import CannotOpen, Seal, in_groups
from services.intake.domain.acceptance import email_address, phone_number

SEAL = Seal(b"\x2a" * 32)
HOTEL = UUID("0190b2c1-0000-7000-8000-000000000001")
COMPLAINT = UUID("0190b2c1-0000-7000-8000-0000000000aa")
CONTACT = {"name": "欧阳娜娜", "phone": "+8613800138000", "email": "na@example.com", "identity_number": "E12345678"}


@pytest.mark.parametrize("field", CONTACT)
def test_no_stored_byte_shows_the_contact_data(field: str) -> None:
    sealed = sealed_contact()[field]
    assert CONTACT[field].encode() not in sealed
    assert SEAL.open(KEY, HOTEL, COMPLAINT, field, sealed) == CONTACT[field]


def test_a_phone_put_in_the_place_of_a_name_does_not_open() -> None:
    """Whoever can write to the database still cannot make the list show what is hidden there."""
    with pytest.raises(CannotOpen):
        SEAL.open(KEY, HOTEL, COMPLAINT, "name", sealed_contact()["phone"])


def test_an_erased_persons_data_cannot_be_opened_again() -> None:
    """PR-3: the wrapped key is deleted; no new key of the same person helps."""
    with pytest.raises(CannotOpen):
        SEAL.open(SEAL.new_person_key(HOTEL), HOTEL, COMPLAINT, "phone", sealed_contact()["phone"])


@pytest.mark.parametrize("written", ["138 0013 8000", "+86-138-0013-8000", "１３８００１３８０００"])
def test_the_same_phone_in_another_spelling_is_found(written: str) -> None:
    assert phone_print(written) == phone_print("13800138000")


def test_the_same_mailbox_in_another_spelling_is_found() -> None:
    prints = {SEAL.fingerprint(HOTEL, "email", email_address(each)) for each in ("Na@Example.com", " na@example.COM")}
    assert len(prints) == 1


def test_another_phone_is_not_found() -> None:
    assert phone_print("13800138001") != phone_print("13800138000")


def test_the_tracking_secret_is_read_out_in_groups_and_accepted() -> None:
    """IN-3: progress needs the number and this secret; the secret is stored nowhere."""
    spoken = in_groups(SEAL.tracking_secret(HOTEL, COMPLAINT)).lower().replace("-", " ")
    assert SEAL.is_tracking_secret(HOTEL, COMPLAINT, spoken)


KEY = SEAL.new_person_key(HOTEL)


def sealed_contact() -> dict[str, bytes]:
    return {field: SEAL.seal(KEY, HOTEL, COMPLAINT, field, text) for field, text in CONTACT.items()}


def phone_print(written: str) -> bytes:
    return SEAL.fingerprint(HOTEL, "phone", phone_number(written, "CN"))
