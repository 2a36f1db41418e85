"""SLA: by when, and was it kept (SL-1 … SL-8).

Owns clocks with their history, the alarms written with every deadline, waits and extensions, breaches with who was
responsible, how long closed cases are kept, and what it must know of a case and its departments' parts to choose
their limits: class, department, people, milestones reached.
Hears: tenants, dispatch, notify (which tells when a complainant was told of an extension).
Says: clock.started, clock.paused, clock.warned, clock.breached, clock.escalation_due, clock.met, clock.moved,
clock.stopped, retention.ended.
Answers: staff, who ask for the clocks of a complaint and why each is due when it is, and for what is due next; its
complainant, in short, with intake's permit;
managers and auditors, who ask what was not kept; whoever tries the limits of another Procedure on made-up facts or on
past cases.
"""
