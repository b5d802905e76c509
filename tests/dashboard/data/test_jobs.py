"""What is done outside of a request leaves one line in the server's log, whether it went well or not."""

from __future__ import annotations

import logging

from dashboard.data.jobs import Jobs
from dashboard.web import request_log


def test_a_job_is_one_line_without_who_ordered_it(caplog):
    caplog.set_level(logging.INFO, logger=request_log.LOG.name)
    jobs = Jobs(1)

    def fails(job):
        raise ValueError("13812345678")

    for token, work in (("a", lambda job: 1), ("b", fails)):
        jobs.start(token, "store", "王芳", 0, ["王芳.xlsx"], work)
        jobs.find(token, "store", "王芳").ended.wait(10)
    jobs._pool.shutdown()
    lines = [record.fields for record in caplog.records if hasattr(record, "fields")]
    assert [(line["event"], line["kind"], line["files"], line["failed"]) for line in lines] == [
        ("job", "store", 1, False),
        ("job", "store", 1, True),
    ]
    assert not [line for line in lines if "王芳" in str(line)]
