"""The shipped figures in `data/embedded`: observation tables as CSV files, so that every change can be reviewed.

They are the floor everything works on without a network. They are written by the project's own command from what it
parsed, never by hand, and carry their provenance beside them.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from orchestration.sources import SOURCES, TABLES
from orchestration.sources import tables as observation_tables
from orchestration.sources.base import Tables, TableShape
from orchestration.sources.errors import SourceFormatError

PROVENANCE = "provenance.json"
_RESTORE = "These files are part of the project: restore them from version control"
_TIME = "%Y-%m-%d %H:%M:%S"


def read_shipped(directory: Path, names: Iterable[str] | None = None) -> Tables:
    """The shipped observation tables, all or those named; a table of which nothing is shipped is left out.

    Raises:
        SourceFormatError: a file is missing or was changed by hand; it is named.
    """
    shipped = read_row_counts(directory)
    return {
        name: _read(directory / f"{name}.csv", TABLES[name])
        for name in (TABLES if names is None else names)
        if name in shipped
    }


def read_refs(directory: Path) -> dict[str, str]:
    """The upstream reference each source's shipped figures were parsed from."""
    entries = json.loads((directory / PROVENANCE).read_text(encoding="utf-8"))
    return {name: entry["upstream"]["ref"] for name, entry in entries.items()}


def write_shipped(tables: Mapping[str, pd.DataFrame], refs: Mapping[str, str], directory: Path) -> None:
    """Write the shipped figures anew: one CSV a table and their provenance. Same tables, same bytes.

    `refs` names for each source the upstream files the tables were parsed from (`provenance.files_ref`); a source that
    is not in it has no figures to ship.
    """
    directory.mkdir(parents=True, exist_ok=True)
    provenance = {}
    for source in (SOURCES[name] for name in SOURCES if name in refs):
        newest = observation_tables.last_observation(source.tables, tables)
        provenance[source.name] = {
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "licence": source.licence,
            "citation": source.citation,
            "upstream": {"repository": source.repository, "branch": source.branch, "ref": refs[source.name]},
            "as_of": newest.isoformat() if newest else None,
            "rows": {name: len(tables[name]) for name in source.table_names},
        }
        for shape in source.tables:
            frame = observation_tables.conform(shape, tables[shape.name])
            _replace(directory / f"{shape.name}.csv", _to_csv(frame))
    _replace(directory / PROVENANCE, json.dumps(provenance, indent=2, ensure_ascii=False) + "\n")


def _to_csv(frame: pd.DataFrame) -> str:
    """Dates ISO, floats in the shortest form that reads back to the same number, blanks for null, LF."""
    texts = {
        name: column.dt.strftime(_TIME if name.endswith("_at") else "%Y-%m-%d")
        for name, column in frame.items()
        if pd.api.types.is_datetime64_dtype(column)
    }
    return frame.assign(**texts).to_csv(index=False, lineterminator="\n")


def _read(path: Path, shape: TableShape) -> pd.DataFrame:
    schema = shape.schema
    convert = pa.csv.ConvertOptions(
        column_types=schema, null_values=[""], strings_can_be_null=True, timestamp_parsers=[_TIME]
    )
    try:
        arrow = pa.csv.read_csv(path, convert_options=convert)
        if arrow.column_names != schema.names:
            raise SourceFormatError(str(path), "header", f"is {arrow.column_names}, expected {schema.names}", _RESTORE)
        frame = arrow.to_pandas(date_as_object=False)
        conformed = observation_tables.conform(shape, frame)
    except FileNotFoundError:
        raise SourceFormatError(str(path), "whole file", "is missing", _RESTORE) from None
    except pa.ArrowInvalid as error:
        raise SourceFormatError(str(path), "whole file", f"cannot be read ({error})", _RESTORE) from None
    except ValueError as error:
        if isinstance(error, SourceFormatError):
            raise
        raise SourceFormatError(str(path), "whole file", str(error), _RESTORE) from None
    if not frame.equals(conformed):
        raise SourceFormatError(str(path), "whole file", "is not sorted by its key", _RESTORE)
    return conformed


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def read_row_counts(directory: Path) -> dict[str, int]:
    """Rows of each shipped table, from the provenance."""
    entries = json.loads((directory / PROVENANCE).read_text(encoding="utf-8"))
    return {table: rows for entry in entries.values() for table, rows in entry["rows"].items()}
