"""Both languages say everything, in the same slots."""

import re
from pathlib import Path
from string import Formatter

import pytest

from libs.common.auth import ROLES
from libs.common.procedure.vocabulary import (
    ANSWER_WAYS,
    CALLED_IN,
    CHANNELS,
    MILESTONES,
    NOTICE_KINDS,
    NOTICE_RECIPIENTS,
    WAITS_FOR,
)
from services.dispatch.domain.closing import COMPENSATION, FINDINGS, MERGED, OUTCOMES, RESULT
from services.dispatch.domain.compensation import KINDS
from services.dispatch.domain.compensation import STATES as PROMISED
from services.dispatch.domain.extending import DECISIONS
from services.dispatch.domain.reopening import REASONS
from services.dispatch.schemas.steps import CAUSES, PLANS
from services.intake.domain import handback
from services.portal.domain.periods import PERIODS
from services.portal.domain.steps import ABOUT, FIELDS
from services.portal.domain.story import STAGES
from services.portal.pages.errors import KNOWN
from services.portal.pages.queue import STATES, VIEWS
from services.portal.translations import MESSAGES

PORTAL = Path(__file__).parents[2] / "services" / "portal"
USED = re.compile(r"""\bt\(\s*["']([\w.-]+)["']\s*(?:[,)]|if )""")
BEGUN = re.compile(r"""\b(?:t|say)\(\s*["']([\w.-]+?\.)["']\s*~""")
CHOSEN = re.compile(r"""\bt\(\s*["']([\w.]+)["'] if .+? else ["']([\w.]+)["']""")
# A form about one thing of several names that thing instead of giving a hint.
NAMED = set(ABOUT) - {"wait"}
BESIDE = ("finding.", "cause.", "plan.", "reopening.", "compensation.", "promise.", "extension.", "approval_state.")
BESIDE_TOO = ("link.", "part.", "missing.", "reference.", "outside.", "handed.", "standing.")


def test_both_languages_have_every_key() -> None:
    assert MESSAGES["zh-Hans"].keys() == MESSAGES["en"].keys()


def test_a_message_has_the_same_slots_in_both_languages_and_is_not_empty() -> None:
    chinese, english = MESSAGES["zh-Hans"], MESSAGES["en"]
    assert [key for key in english if slots(english[key]) != slots(chinese[key])] == []
    assert [key for key in english if not english[key].strip() or not chinese[key].strip()] == []


def test_every_key_a_template_or_page_uses_exists() -> None:
    assert used() and used() - MESSAGES["en"].keys() == set()


def test_every_message_is_used() -> None:
    """Nothing stays behind when a screen changes. Words for ids are looked up by id."""
    begun = {start for text in sources() for start in BEGUN.findall(text)}
    by_id = (
        "channel.",
        "milestone.",
        "outcome.",
        "state.",
        "urgency.",
        "role.",
        "figures.of.",
        "oversight.difference.",
        "notice.",
        "recipient.",
        *BESIDE,
        *BESIDE_TOO,
    )
    rest = ("delivery.", "event.", "event_state.", "answer.", "author.", "language.", "field.", "error.")
    left = {key for key in MESSAGES["en"] if key not in used() and not key.startswith((*begun, *by_id, *rest))}
    assert left == set()


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("milestone", MILESTONES),
        ("channel", CHANNELS),
        ("answer", ANSWER_WAYS),
        ("role", (*ROLES[:-1], *CALLED_IN)),
        ("notice", NOTICE_KINDS),
        ("recipient", NOTICE_RECIPIENTS),
        ("step", (*FIELDS, *(f"{step}.hint" for step in FIELDS if step not in ("milestone", "revise", *NAMED)))),
        ("step", tuple(f"decide_extension.{way}" for way in DECISIONS)),
        *((f"{kind}.wait", WAITS_FOR) for kind in ("step", "story")),
        ("outcome", (*OUTCOMES, MERGED)),
        ("finding", FINDINGS),
        ("cause", CAUSES),
        ("plan", PLANS),
        ("reopening", REASONS),
        ("compensation", KINDS),
        ("promise", PROMISED),
        ("missing", (RESULT, COMPENSATION)),
        ("reference", handback.KINDS),
        ("outside", handback.STATUSES),
        ("handed", (*handback.BY_HAND, handback.ADDRESS)),
        ("stage", tuple(f"{stage}{part}" for stage in STAGES for part in ("", ".text", ".short"))),
        ("period", PERIODS),
        ("work.view", VIEWS),
        ("work.empty", VIEWS),
        ("work.state", STATES),
        ("error", tuple(f"{code}.{part}" for code in (*KNOWN, "form_ended") for part in ("title", "text"))),
    ],
)
def test_every_id_the_platform_knows_has_a_word(kind: str, ids: tuple[str, ...]) -> None:
    assert [id for id in ids if f"{kind}.{id}" not in MESSAGES["en"]] == []


def used() -> set[str]:
    found = {key for text in sources() for key in USED.findall(text)}
    return found | {key for text in sources() for pair in CHOSEN.findall(text) for key in pair}


def sources() -> list[str]:
    files = [*PORTAL.glob("templates/**/*.html"), *PORTAL.glob("pages/*.py")]
    return [file.read_text() for file in files]


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
