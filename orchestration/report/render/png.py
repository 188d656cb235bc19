"""The PNG twins of the charts, rendered in a process of their own while the page is still being drawn.

vl-convert holds Python's lock while it renders, so a thread would not help; rendering takes as long as all the rest.
The process reads what to render from its input and ends with it, also where the one that started it was killed.
"""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import vl_convert

# Twice the pixels: sharp on dense screens and in print.
SCALE = 2.0


class PngError(RuntimeError):
    """A chart could not be rendered as PNG."""


class PngRenderer:
    """Renders SVG into PNG files beside the caller; all of them are there when the `with` block ends.

    Raises:
        PngError: at the end of the block, if a file could not be rendered or written.
    """

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - this module, by the Python that runs
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        return self

    def render(self, svg: str, path: Path) -> None:
        """Have `svg` rendered into `path`."""
        try:
            print(json.dumps({"path": str(path), "svg": svg}), file=self._process.stdin, flush=True)
        except BrokenPipeError:  # it ended early and says why when the block ends
            return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            _, complaint = self._process.communicate()
        except BrokenPipeError:
            complaint = self._process.stderr.read() if self._process.stderr else ""
            self._process.wait()
        if self._process.returncode and error is None:
            reason = complaint.strip() or "the renderer was killed"
            raise PngError(f"a chart could not be rendered as PNG: {reason}")


def main() -> None:
    """Render what is asked for on standard input, a JSON object a line, until it ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        Path(asked["path"]).write_bytes(vl_convert.svg_to_png(asked["svg"], scale=SCALE))


if __name__ == "__main__":
    main()
