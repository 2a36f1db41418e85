"""Notify: who was told, and did it arrive (NO-1 … NO-5).

Owns notices (one per occasion, recipient and cause), deliveries (one per notice and channel) and surveys (one
per round of a case). It keeps no address, no link and no written-out text: where somebody can be reached is
asked at the moment of sending. Alerts to one person that follow each other closely go together in a digest.
Hears: tenants, dispatch (cases, their people and milestones, waits, extensions, results, escalations), sla
(what may be promised, what is late).
Says: notice.delivered, notice.failed, survey.answered.
Answers: what became of a complaint's notices, "send it again", the survey, and the SMS provider's delivery reports.
"""
