"""The picture in the README: the head of the published page, written to docs/page.png (make picture)."""

import sys

from orchestration.settings import PROJECT_ROOT, load_settings
from tests.running_chromium import chromium_path, started_chromium

PICTURE = PROJECT_ROOT / "docs" / "page.png"
# Wide enough for the text column, high enough for the first chart and its source line.
SIZE = {"width": 860, "height": 1150}


def main() -> None:
    """Take it from the page that `make refresh` published last."""
    published = load_settings().published_dir / "report" / "index.html"
    path = chromium_path()
    if path is None or not published.exists():
        sys.exit("A published page (make refresh) and Chromium are needed.")
    with started_chromium(path) as browser:
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(published.as_uri())
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
