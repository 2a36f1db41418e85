"""A worker's new job does not stay out of the stories unnoticed."""

from dataclasses import replace

import pytest

from libs.common.service import Job
from tests.simulation.jobs import ASKED, PLAYED, UnknownJob, played


def test_each_job_of_each_worker_is_played_or_it_is_said_why_not(platform):
    jobs = [job.name for service in platform.services.values() for job in played(service)]
    assert sorted(jobs) == sorted((*PLAYED, *ASKED))


def test_a_job_that_nobody_knows_is_no_part_of_a_story(platform):
    sla = replace(platform.services["sla"], jobs=(Job("sweeping", lambda: 0, 1.0),))
    with pytest.raises(UnknownJob, match="sla: sweeping"):
        played(sla)
