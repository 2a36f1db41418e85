"""Dispatch: who does what next (DI-1 … DI-15, IN-8).

Owns cases, their milestones by round, transfers, results, waits, extensions, approvals, findings, notes, links and
escalations, the parts of departments and the calls of lanes, the ledger of compensation, the duty roster and who is
away, the evidence chain of every case, and its own copies of people and Procedures. A case has the id of its complaint.
Hears: tenants (who works there, under which rules), intake (what was complained about, what belongs together), sla
(what is due), notify (what the complainant was told, and whether they are satisfied).
Says: case.opened, case.assigned, case.refused, case.transferred, case.reclassified, case.part_changed,
case.group_led, case.message_received, case.alerted, case.summoned, case.summons_answered,
case.milestone_reached, case.result_given, case.paused, case.resumed, case.extension_granted, case.reopened,
case.linked, case.unlinked, case.grouped, case.escalated, case.closed, compensation.changed.
Answers: staff, with their work lists, the case page, its next steps, its evidence and its printed forms; managers and
auditors, with the ledger; whoever plans the roster; whoever tries a Procedure on a made-up complaint or on past cases.
"""
