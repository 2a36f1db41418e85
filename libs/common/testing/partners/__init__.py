"""Stand-ins for the partners we send to: an SMS provider and a mail server, for tests and the demonstration.

Each is a real server on a real port, written from the partner's description and not from our gateways.
`python -m libs.common.testing.partners` runs both, with a page that lists what was sent.
"""
