"""Intake: what was complained about, and by whom (IN-1 … IN-11); and how far it is, told to whoever sent it on (DI-16).

Owns complaints, complainants (the only home of contact data, encrypted), the conversation, attachments,
channel accounts, complaint numbers, which complaints belong together, what standing a complainant has, outside
references and what was handed back to them, and its own copy of who has to do with which case.
Hears: tenants, dispatch, sla (to show the complainant how far their complaint is, to know the people of the case,
who alone see the complainant unmasked, and to judge a complaint by the category of its case).
Says: complaint.registered, complaint.message_added, complaint.file_kept, complaint.withdrawn, complaint.linked,
complaint.grouped.
Answers: the public form and progress page, staff at phone and counter, mail and OTA doors, and, to notify
alone, where a complainant can be reached.
"""
