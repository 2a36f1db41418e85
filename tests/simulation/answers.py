"""Those who answer: some complainants when asked whether they are satisfied, and whoever is called by a lane."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tests.simulation.people import CONTENT, People

BY_LINK, CHANGES_MIND, BY_PHONE = 0.3, 0.3, 0.15
CALLED = "SELECT DISTINCT complaint_id FROM summons WHERE due_at IS NOT NULL ORDER BY 1"
ASKED = "SELECT DISTINCT complaint_id FROM surveys ORDER BY 1"


@dataclass
class Answers:
    """Some complainants answer by the link, some by phone, and most never.

    `soon` puts something on the story's agenda; `again` has somebody work on a complaint that begins again."""

    people: People
    chosen: random.Random
    soon: Callable[[Callable[[], None]], None]
    again: Callable[[UUID], None]
    asked: set[str] = field(default_factory=set)

    def look(self) -> None:
        """At what notify has done just now: letters with links that came, and surveys to ask about by phone."""
        for link in self.people.links_that_came():
            if self.chosen.random() < BY_LINK:
                self.soon(lambda link=link: self._by_link(link))  # type: ignore[misc]
        for complaint_id in self.people.platform.look_at_all("notify", ASKED):
            if complaint_id not in self.asked:
                self.asked.add(complaint_id)
                if self.chosen.random() < BY_PHONE:
                    self.soon(lambda asked=complaint_id: self._by_phone(UUID(asked)))  # type: ignore[misc]

    def _by_link(self, link: str) -> None:
        if complaint_id := self.people.answer(link):
            self._go_on_with(complaint_id)
            if self.chosen.random() < CHANGES_MIND:
                self.soon(lambda: self._by_link(link))

    def _by_phone(self, complaint_id: UUID) -> None:
        if self.people.answer_by_phone(complaint_id):
            self._go_on_with(complaint_id)

    def _go_on_with(self, complaint_id: UUID) -> None:
        """Whoever is not satisfied has begun the case again, and somebody has it."""
        if self.people.said[complaint_id] < CONTENT:
            self.again(complaint_id)


@dataclass
class Calls:
    """Whoever a lane calls answers in the end, else it would call for ever. `plan` is the story's agenda."""

    people: People
    chosen: random.Random
    plan: Callable[[datetime, Callable[[], None]], None]
    called: set[str] = field(default_factory=set)

    def look(self) -> None:
        """At what dispatch has done just now."""
        platform = self.people.platform
        for complaint_id in platform.look_at_all("dispatch", CALLED):
            if complaint_id not in self.called:
                self.called.add(complaint_id)
                at = platform.clock.now() + timedelta(minutes=self.chosen.uniform(1, 40))
                self.plan(at, lambda called=complaint_id: self._answer(called))  # type: ignore[misc]

    def _answer(self, complaint_id: str) -> None:
        self.people.answer_call(UUID(complaint_id))
        self.called.discard(complaint_id)
