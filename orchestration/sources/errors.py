"""The errors of this package. Each message says what, where and what to do next; none carries a credential."""


class SourceFormatError(ValueError):
    """A served file is not what its source publishes: the figure is not guessed, the file is not used."""

    def __init__(self, path: str, where: str, problem: str, remedy: str | None = None):
        self.path = path
        self.where = where
        self.problem = problem
        self.remedy = remedy or (
            "Look at the file upstream: if its format changed on purpose, adapt the parser in its folder of "
            "orchestration/sources; if it is a slip, wait for the correction. The last good version stays in use."
        )
        super().__init__(f"{path}: {where}: {problem}. {self.remedy}")


class ArchiveError(RuntimeError):
    """The archive of raw files refuses or cannot do what was asked of it."""


class RefusedFileError(ValueError):
    """A file that a person adds does not fit its source; nothing of it was kept, and it stays where it was."""


class PullError(RuntimeError):
    """A pull did not bring everything. What came before the failure is kept in the archive."""

    def __init__(self, source: str, url_path: str, problem: str, remedy: str):
        self.source = source
        self.url_path = url_path
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{source}: {url_path}: {problem}. {remedy}")
