"""Standard Webhooks 1.0.0, with the vector of its reference libraries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.webhooks import BadSignature, new_secret, sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(TIMESTAMP, UTC)
OTHER_SECRET = new_secret(bytes(range(24)))


def test_the_reference_vector_is_signed_and_verified() -> None:
    assert sign(SECRET, ID, TIMESTAMP, BODY) == SIGNATURE
    assert verify([SECRET], headers(), BODY, NOW) == ID


def test_header_names_are_read_in_any_case() -> None:
    shouted = {name.upper(): value for name, value in headers().items()}
    assert verify([SECRET], shouted, BODY, NOW) == ID


def test_any_of_several_signatures_and_secrets_is_enough() -> None:
    several = f"v1a,{'A' * 86}== v1,bm9uZQ== é {SIGNATURE}"
    assert verify([OTHER_SECRET, SECRET], headers(signature=several), BODY, NOW) == ID


@pytest.mark.parametrize("late", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_five_minutes_of_difference_are_allowed_both_ways(late: timedelta) -> None:
    assert verify([SECRET], headers(), BODY, NOW + late) == ID


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_more_than_five_minutes_are_not(late: timedelta) -> None:
    with pytest.raises(BadSignature, match="5 minutes"):
        verify([SECRET], headers(), BODY, NOW + late)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_named(missing: str) -> None:
    given_headers = headers()
    del given_headers[missing]
    with pytest.raises(BadSignature, match=missing) as refused:
        verify([SECRET], given_headers, BODY, NOW)
    assert missing in refused.value.reason


@pytest.mark.parametrize(
    "changed",
    [
        {"message_id": "msg_other"},
        {"message_id": "msg.with.stops"},
        {"timestamp": str(TIMESTAMP + 1)},
        {"timestamp": "soon"},
        {"timestamp": "１６１４２６５３３０"},
        {"timestamp": "9" * 400},
        {"signature": "v2" + SIGNATURE[2:]},
        {"signature": SIGNATURE.removeprefix("v1,")},
        {"signature": SIGNATURE[:-2] + "A="},
    ],
)
def test_anything_changed_in_the_headers_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify([SECRET], headers(**changed), BODY, NOW)


@given(st.binary(max_size=60))
def test_another_body_is_refused(body: bytes) -> None:
    with pytest.raises(BadSignature):
        verify([SECRET], headers(), body, NOW)


def test_no_secret_or_another_one_is_refused() -> None:
    for secrets in ([], [OTHER_SECRET]):
        with pytest.raises(BadSignature):
            verify(secrets, headers(), BODY, NOW)


@pytest.mark.parametrize("length", [23, 65])
def test_a_secret_has_24_to_64_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        new_secret(b"x" * length)


def test_a_malformed_secret_is_not_taken_for_a_weak_one() -> None:
    with pytest.raises(ValueError, match="base64"):
        sign("whsec_not base64!", ID, TIMESTAMP, BODY)


def headers(message_id: str = ID, timestamp: str = str(TIMESTAMP), signature: str = SIGNATURE) -> dict[str, str]:
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
