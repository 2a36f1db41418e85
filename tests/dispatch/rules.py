"""The accommodation Procedure with the sections that it does not need itself."""

from typing import Any

from libs.common.procedure import presets
from libs.common.procedure.vocabulary import REACHED_WITHOUT_STEP

LIMIT = "engineering-on-site"
NAME = {"zh-Hans": "审批", "en": "approval"}


def every_section(**changes: Any) -> dict[str, Any]:
    """Approvals, extension, reopening and findings; `changes` replace whole sections."""
    document = presets.load("p1-accommodation")
    limit = next(each for each in document["limits"] if each["id"] == LIMIT)
    limit["extension"] = {"by": ["supervisor", "manager"], "at_most": "8h", "times": 2}
    verified = next(each for each in document["steps"] if each["milestone"] == "verified")
    verified["required"] = ["report", "cause", "finding"]
    document["approvals"] = [
        {"id": "plan", "name": NAME, "before": "carried_out", "by": ["supervisor", "manager"]},
        {"id": "closing", "name": NAME, "before": "closed", "by": ["manager"]},
    ]
    document["reopening"] = {
        "within": "30d",
        "again": ["planned", "carried_out", "result_written", "result_spoken", "surveyed"],
        "by": ["supervisor", "coordinator", "manager"],
        "levels": ["department_head", "manager"],
    }
    changed = document | changes
    return stepping(changed, changes["steps"]) if "steps" in changes else changed


def stepping(document: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    """With these steps, and without what counts on any other."""
    reported = {*REACHED_WITHOUT_STEP, *(step["milestone"] for step in steps)}
    after = document["survey"]["after"]
    changed = {
        "steps": steps,
        "limits": [each for each in document["limits"] if {each["from"], each["to"]} <= reported],
        "survey": document["survey"] | {"after": after if after in reported else "closed"},
    }
    without = {name: section for name, section in document.items() if name != "reopening"}
    reopening = document.get("reopening", {})
    if again := [each for each in reopening.get("again", ()) if each in reported]:
        changed["reopening"] = reopening | {"again": again}
    return without | changed


def only(*steps: str | dict[str, Any]) -> list[dict[str, Any]]:
    """These steps, a plain name for one that everybody takes."""
    return [step if isinstance(step, dict) else {"milestone": step} for step in steps]
