"""dbt ends with the refresh that started it."""

import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version

import pytest

from orchestration.dbt.manifest import DBT_COMMAND

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", '''
import time
from orchestration.dbt.command import die_with_parent
die_with_parent()
print("ready", flush=True)
time.sleep(60)
'''], stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""
# How long a killed process may take to vanish, in seconds.
GONE_WITHIN_S = 10


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="process signals of POSIX")
def test_the_child_dies_with_a_killed_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + GONE_WITHIN_S
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(child)


def test_it_says_the_version_that_is_installed() -> None:
    said = subprocess.run([DBT_COMMAND, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert f"installed: {version('dbt-core')}" in said.stdout
