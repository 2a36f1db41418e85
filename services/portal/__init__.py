"""The screens: how guests complain and follow up, and how staff do the work.

Owns: nothing; it has no database.
Hears: nothing.
Says: nothing.
Answers: HTML pages, built from the HTTP answers of the other services, asked as the signed-in person.
"""
