"""Reporting: how are we doing? (RE-1, RE-2, RE-4)

Owns one fact per complaint, what its clocks came to, and rollups of the facts by day and by month in the
tenant's zone; which complaints are mystery shoppers'; the draws of those who are called back and of cases that
are reviewed, and what came of them; the typical cases that everybody may read.
Hears: tenants, intake, dispatch, sla, notify.
Says: nothing.
Answers: the figures of a period, the complaints behind a figure, to everybody what the firm publishes, and to those
who look back the mystery cases, call-backs and reviews. A rollup is never trusted for itself: `handlers.audit`
counts the facts again and names any difference.
"""
