"""What is shown of a table: its size, how far it reaches, its last rows."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration.dbt.table_statistics import table_facts


def test_rows_newest_knowledge_and_last_rows(tmp_path: Path) -> None:
    path = tmp_path / "war_losses.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.deaths as select date '2024-01-01' + n::int as death_date, "
            "date '2025-01-01' - n::int as as_of, if(n = 8, null, n) as confirmed_deaths from range(9) as r(n)"
        )
        connection.execute("create view marts.codes as select 'a' as code where false")
    facts = table_facts(path)
    deaths = facts["marts", "deaths"]
    assert deaths.rows == 9
    assert deaths.as_of == date(2025, 1, 1)  # what is known counts before what happened
    lines = deaths.preview.splitlines()
    assert len(lines) == 2 + 5
    assert "2024-01-05" in lines[2]
    assert "None" not in deaths.preview
    assert "nan" not in deaths.preview
    assert facts["marts", "codes"].rows == 0
    assert facts["marts", "codes"].as_of is None


def test_no_warehouse_yet(tmp_path: Path) -> None:
    assert table_facts(tmp_path / "war_losses.duckdb") == {}
