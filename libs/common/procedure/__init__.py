"""The Procedure: one declarative document per tenant that says how that tenant handles complaints.

`document` is the Procedure once read, `reading` turns YAML or JSON into it or lists every mistake,
`conditions` and `duration` are the two small languages inside it, `presets` are the Procedures to start from.
"""
