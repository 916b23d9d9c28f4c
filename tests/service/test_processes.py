"""Processes that we start do not outlive us."""

from __future__ import annotations

import subprocess
import sys

import pytest

PARENT = """
import multiprocessing, time
from service.processes import end_with_parent, work_for_parent

def wait():
    {start}()
    print("started", flush=True)
    time.sleep(20)
    print("outlived", flush=True)

multiprocessing.get_context("fork").Process(target=wait).start()
"""


@pytest.mark.parametrize("start", ["end_with_parent", "work_for_parent"])
def test_a_process_ends_with_the_one_that_started_it_even_when_that_is_killed(start: str) -> None:
    command = [sys.executable, "-c", PARENT.format(start=start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603 - our own
        assert parent.stdout is not None
        assert parent.stdout.readline() == "started\n"
        parent.kill()
        assert parent.stdout.read() == "", "what it writes to is closed when both are gone"
