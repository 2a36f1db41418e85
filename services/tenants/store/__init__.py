"""All SQL of tenants, for one tenant at a time; `doors` and `register` are about all of them."""

from libs.common.kept_procedures import KeptProcedures
from libs.common.tenancy import TenantConnection
from services.tenants import tables
from services.tenants.store.api_keys import ApiKeys
from services.tenants.store.drafts import Drafts
from services.tenants.store.people import People
from services.tenants.store.places import Places
from services.tenants.store.publications import Publications
from services.tenants.store.sessions import Attempts, Sessions
from services.tenants.store.tenant import TenantRow


class Store:
    """What is known about one tenant."""

    def __init__(self, rows: TenantConnection) -> None:
        self.tenant = TenantRow(rows)
        self.places = Places(rows)
        self.people = People(rows)
        self.attempts = Attempts(rows)
        self.sessions = Sessions(rows)
        self.api_keys = ApiKeys(rows)
        self.procedures = KeptProcedures(rows, tables.plumbing)
        self.publications = Publications(rows)
        self.drafts = Drafts(rows)
