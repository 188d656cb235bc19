"""An operator at work in the Dagster UI as `make ui` starts it: materializes everything, then meets a red check."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import REFRESH_TIMEOUT_S
from tests.reliability.faulty_github import FaultyGitHub, serve
from tests.reliability.made_up_upstream import write_night
from tests.reliability.trials import raw_files_of
from tests.running_ui import Ui, started_ui, wait_for

pytestmark = pytest.mark.timeout(900)
# Pages of the UI load their data after themselves.
PAGE_TIMEOUT_MS = 60_000
WIDE = {"width": 1500, "height": 1000}


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyGitHub]:
    root = tmp_path_factory.mktemp("upstream")
    write_night(root, 0)
    with serve(root) as server:
        yield server


@pytest.fixture(scope="module")
def ui(chromium: Browser, github: FaultyGitHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    upstream = {"WAR_LOSSES_GITHUB_API": github.url, "WAR_LOSSES_GITHUB_RAW": github.url}
    with started_ui(tmp_path_factory.mktemp("ui"), **upstream) as ui:
        yield ui


@pytest.fixture
def page(chromium: Browser, ui: Ui, tmp_path: Path) -> Iterator[Page]:
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    page.set_default_timeout(PAGE_TIMEOUT_MS)
    expect.set_options(timeout=PAGE_TIMEOUT_MS)
    yield page
    context.close()


def newest_run_ended(ui: Ui, before: str | None) -> str:
    """Wait for a run newer than the given one to end; returns its id."""

    def newest() -> dict | None:
        runs = ui.query("{runsOrError(limit: 1) {... on Runs {results {runId status}}}}")["runsOrError"]["results"]
        return runs[0] if runs and runs[0]["runId"] != before else None

    assert wait_for(
        lambda: (run := newest()) is not None and run["status"] in {"SUCCESS", "FAILURE"}, REFRESH_TIMEOUT_S
    )
    return newest()["runId"]


def test_everything_one_mart_and_a_source_that_fails(ui: Ui, github: FaultyGitHub, page: Page) -> None:
    # Everything, from the asset graph.
    page.goto(f"{ui.url}/asset-groups")
    page.get_by_role("button", name="Materialize all").click()
    whole = newest_run_ended(ui, None)
    page.goto(f"{ui.url}/runs/{whole}")
    expect(page.get_by_text("Success", exact=True).first).to_be_visible()
    expect(page.get_by_text("Published release").last).to_be_visible()
    assert (ui.data_dir / "published" / "war_losses.duckdb").exists()

    # What a table holds, on its page.
    page.goto(f"{ui.url}/assets/marts/deaths_by_week")
    expect(page.get_by_text("One row a week")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="figures_from")
    # A long list stands behind a button, a shorter one in the row.
    source, button = page.get_by_role("link", name="Confirmed deaths by day of death"), row.get_by_text("Show Markdown")
    expect(source.or_(button).first).to_be_visible()
    if button.is_visible():
        button.click()
    expect(source.first).to_be_visible()
    page.keyboard.press("Escape")

    # One mart by itself.
    page.get_by_role("button", name="Materialize").first.click()
    one = newest_run_ended(ui, whole)
    assert ui.run_status(one) == "SUCCESS"

    # A source that fails: its check turns red and says what that means.
    write_night(github.root, 1)
    github.faults = {raw_files_of("confirmed_deaths"): "404"}
    page.goto(f"{ui.url}/assets/raw/confirmed_deaths")
    page.get_by_role("button", name="Materialize").first.click()
    newest_run_ended(ui, one)
    page.goto(f"{ui.url}/assets/raw/confirmed_deaths?view=checks")
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    expect(page.get_by_text("Upstream did not answer in full").first).to_be_visible()
    expect(page.get_by_text("answered 404").first).to_be_visible()
