"""Write what is generated from the code: event schemas and examples, and the pages made of them in docs."""

import importlib
import json
import tempfile
from pathlib import Path

from deploy import embedded
from libs.common.broker.topology import HEARS
from libs.common.events import Event
from libs.common.events.catalogue import write_documents, write_schemas
from libs.common.migrate import ROOT

DOCS = ROOT / "docs"


def write_catalogue(docs: Path = DOCS) -> None:
    """Everything; a test proves that what is committed is what this writes."""
    write_schemas()
    write_documents(docs, hearers())
    write_openapi(docs / "openapi")


def hearers() -> dict[str, list[type[Event]]]:
    """Which events each service has a handler for."""
    consumers = {service: importlib.import_module(f"services.{service}.consumers") for service in HEARS}
    return {service: list(module.SUBSCRIPTIONS) for service, module in consumers.items()}


def write_openapi(folder: Path) -> None:
    """One OpenAPI 3.1 document a service, as the running service answers it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        environ = embedded.environment(Path(scratch))
        embedded.prepare(environ)
        platform = embedded.assemble(environ)
        for name, service in platform.services.items():
            document = service.app.test_client().get("/v1/openapi.json").get_json()
            (folder / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        platform.stop()
