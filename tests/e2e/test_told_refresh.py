"""A refresh of a damaged shipped figure names the file, tells somebody, once, and waits for no one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import REFRESH_TIMEOUT_S, ROOT, give_manifest
from tests.receiver import receiver


def test_a_failed_refresh_is_told_once_and_a_hanging_service_changes_nothing(tmp_path: Path) -> None:
    project, data_dir = tmp_path / "project", tmp_path / "data"
    for part in ("orchestration", "dbt_project", "data/embedded"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    give_manifest(data_dir)
    figures = project / "data" / "embedded" / "claimed_losses.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace("2022-03-0", "twenty-03-0"), encoding="utf-8")

    def refresh(*urls: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "orchestration.cli", "refresh"],
            cwd=project,
            capture_output=True,
            text=True,
            timeout=REFRESH_TIMEOUT_S,
            check=False,
            env={
                **os.environ,
                "PYTHONPATH": str(project),
                "WAR_LOSSES_DATA_DIR": str(data_dir),
                "WAR_LOSSES_NOTIFY_URLS": ",".join(urls),
            },
        )

    with receiver(delay_s=300) as (hanging, _), receiver() as (taking, got):
        result = refresh(hanging, taking)
        assert refresh(hanging, taking).returncode == 1
    assert len(got) == 1  # the second night had nothing new to say
    assert result.returncode == 1
    assert "claimed_losses.csv" in got[0]["message"]
    assert "claimed_losses.csv" in result.stderr
    assert "Nothing was published" in result.stderr
    assert "A message was not sent: address 1 of 2: no answer within" in result.stderr
    written = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert b"A message was not sent" in written  # in the run's log, too
    assert b"s3cret" not in written + (result.stdout + result.stderr).encode()
