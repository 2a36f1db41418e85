"""On PostgreSQL several workers hear of the same complaints at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from libs.common import migrate
from libs.common.envelope import Envelope
from libs.common.testing.roles import give_roles
from services.reporting import main
from services.reporting.config import Config

SPRING = {"first": date(2026, 3, 1), "last": date(2026, 5, 31)}


def test_workers_that_hear_different_senders_at_once_lose_no_count(postgres_firm):
    senders = three_stories(postgres_firm, complaints=20)
    with ThreadPoolExecutor(len(senders)) as workers:
        list(workers.map(lambda told: [postgres_firm.service.inbox.receive([each]) for each in told], senders))
    postgres_firm.hear_all([])
    assert postgres_firm.mismatches() == []
    figures = postgres_firm.kpis(**SPRING)
    assert (figures.complaints, figures.closed, figures.breaches, figures.open) == (20, 20, 20, 0)


@pytest.mark.parametrize("figure", ["complaints", "closed", "breaches", "late"])
def test_a_figure_is_traced_page_by_page(postgres_firm, figure):
    for sender in three_stories(postgres_firm, complaints=3):
        postgres_firm.hear_all(sender)
    first = postgres_firm.get("/v1/kpis/complaints", figure=figure, limit=2).json
    rest = postgres_firm.get("/v1/kpis/complaints", figure=figure, cursor=first["next_cursor"]).json
    assert len({item["complaint_id"] for item in first["items"] + rest["items"]}) == 3


def three_stories(firm, complaints: int) -> list[list[Envelope]]:
    """What intake, dispatch and sla say about the same complaints."""
    registered = [firm.registered() for _ in range(complaints)]
    clocks = [firm.started(each.subject) for each in registered]
    cases = [
        [firm.opened(each), firm.transferred(each.subject, "security"), firm.closed(each.subject)]
        for each in registered
    ]
    return [
        [firm.envelope(event) for event in registered],
        [firm.envelope(event) for case in cases for event in case],
        [firm.envelope(event) for clock in clocks for event in (clock, firm.breached(clock))],
    ]


@pytest.fixture
def postgres_firm(postgres_database: str, firm_of, clock, keys) -> Iterator[Any]:
    urls = give_roles(postgres_database, "reporting")
    migrate.upgrade("reporting", urls.owner, main.METADATA)
    service = main.build(Config(database_url=urls.web, worker_database_url=urls.worker, keys_dir=keys), clock)
    yield firm_of(service)
    service.units.database.close()
    service.database.close()
