"""dbt's own command on the project, writing nowhere but where it is told."""

import os
import subprocess
import sys
from pathlib import Path

from orchestration.settings import DBT_PROJECT_DIR

# The longest, all unit tests, takes half a minute alone.
_TIMEOUT_S = 240


def run_dbt(
    *arguments: str, scratch: Path, data_dir: Path | None = None, project_dir: Path = DBT_PROJECT_DIR
) -> subprocess.CompletedProcess:
    """Run dbt to its end.

    Args:
        arguments: what dbt is asked.
        scratch: where it may write its target and logs.
        data_dir: the data directory it works on; the session's own if not given.
        project_dir: the dbt project, or a copy of it.
    """
    return subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "--no-use-colors", *arguments),
            *("--project-dir", project_dir, "--profiles-dir", project_dir),
            *("--target-path", scratch / "target", "--log-path", scratch / "logs"),
        ],
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
        env={**os.environ, **({"WAR_LOSSES_DATA_DIR": str(data_dir)} if data_dir else {})},
    )
