"""Tenants: who you are, and what your rules are (PO-4, PO-5).

Owns tenants, places, people (the only home of staff addresses), sign-in, sessions, API keys, Procedures
and their drafts.
Hears: nobody.
Says: tenant.created, person.changed, place.changed, procedure.published.
Answers: sign-in and tokens, the public form's description, admins and operators, staff who ask for a version of the
Procedure and what changed since another, and, to notify alone, where a member of staff can be reached.
"""
