"""What other products got wrong with cases, tried here the way its users met it."""

from libs.common.events.dispatch import CaseEscalated
from tests.dispatch.test_consumers import escalate, evidence


def test_an_escalation_that_found_nobody_was_skipped_in_silence(firm):
    """Here it is an incident, on the case and in its evidence (SL-4)."""
    firm.employ("he", active=False)
    complaint_id = firm.register()
    escalate(firm, complaint_id, "department_head")
    assert firm.said(CaseEscalated)[0].people == ()
    assert firm.case(complaint_id)["incident"] is True
    assert evidence(firm, complaint_id)[-1]["details"]["people"] == []
