"""Privacy rules all services share: how a masked value looks, and how contact data is sealed at rest."""
