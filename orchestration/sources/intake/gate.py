"""The gate that files pass before they are used: oldest first, each held against what was accepted before it.

Each accepted file is what the next is held against, so that a long run of true vintages passes however late it comes.
Rejected files (their parser refused them) are tried again each time: an adapted parser heals by itself. Quarantined
ones are not: a person decides.

What belongs here: the order, and what becomes of a file. What does not: what is accepted of a source and the rules (the
source's folder).
"""

import pandas as pd

from orchestration.sources.base import Candidate, Source, Tables
from orchestration.sources.errors import SourceFormatError
from orchestration.sources.intake.archive import PARSER, RULES, Archive, RawFile


class Reader:
    """Reads files of a source with its parser, each version once: what passes the gate goes into the tables next.

    Raises:
        SourceFormatError: the parser refuses the file, each time it is asked for.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._read: dict[tuple[str, str], pd.DataFrame] = {}

    def __call__(self, file: RawFile) -> pd.DataFrame:
        """What the parser makes of the file; to be read, not changed."""
        version = (file.path, file.blob_sha)
        if version not in self._read:
            self._read[version] = self._source.parse(file.read(), file.path)
        return self._read[version]


def pass_through(source: Source, archive: Archive, shipped: Tables, read: Reader) -> None:
    """Accept, quarantine or reject every file that has no lasting state yet."""
    files = archive.files(source.name, states=["new", "rejected"])
    if not files:
        return
    accepted = source.accepted(archive.files(source.name), shipped, read)
    passed = []
    for file in sorted(files, key=lambda file: (source.day_of(file), file.first_seen_at)):
        try:
            parsed = read(file)
        except SourceFormatError as error:
            if (file.state, file.reason) != ("rejected", str(error)):
                archive.set_state([file], "rejected", who=PARSER, reason=str(error))
            continue
        candidate = Candidate(file.path, parsed, source.day_of(file), file.first_seen_at.date())
        if reason := accepted.objection(candidate):
            archive.set_state([file], "quarantined", who=RULES, reason=reason)
        else:
            accepted.take(candidate)
            passed.append(file)
    archive.set_state(passed, "accepted", who=PARSER)
