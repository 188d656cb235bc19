"""The page of the shipped figures: every figure drawn, said in words, with its table, and nothing from elsewhere."""

import csv
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from orchestration.report.figure import NARROW, WIDE
from orchestration.report.figures import branches, expected_deaths, per_km2, recruits, territory, totals
from orchestration.report.page import SECTIONS, Report, write_report
from orchestration.report.render import palette
from orchestration.report.render.png import PngError, PngRenderer
from tests.conftest import ROOT, Refreshed

MODULES = [module for section in SECTIONS for module in section.figures]
NAMES = [module.NAME for module in MODULES]
# A page that a phone loads on a slow line.
HEAVIEST_PAGE_BYTES = 2_000_000


class References(HTMLParser):
    """What a page refers to: links a reader may follow, and what a browser would fetch by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = re.findall(r"url\(([^)]*)\)|@import\s+([^;]+)", html)
        self.fetched = [target for pair in self.fetched for target in pair if target]
        self.scripts = 0
        self.images: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.scripts += tag == "script"
        if found.get("role") == "img":
            self.images.append(found)
        for name in ("href", "xlink:href", "src", "srcset", "data", "action", "poster"):
            if found.get(name):
                (self.links if tag == "a" else self.fetched).append(found[name])


def rows_of(page: Report, name: str) -> list[dict[str, str]]:
    with (page.index.parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def test_every_figure_is_drawn_and_has_its_files(page: Report) -> None:
    assert page.missing == {}
    files = {path.name for path in page.index.parent.iterdir()}
    assert files == set(page.files)
    assert {f"{name}.png" for name in NAMES} | {f"{name}.csv" for name in NAMES} <= files
    assert {"index.html", "claims.csv", "sources.csv", "checks.csv"} <= files
    for name in NAMES:
        png = (page.index.parent / f"{name}.png").read_bytes()
        assert png.startswith(b"\x89PNG")
        assert int.from_bytes(png[16:20], "big") > 1000, "wide enough for print"


def test_figures_are_read_not_computed() -> None:
    """What a chart shows is computed in dbt, where it is tested and has lineage."""
    computing = re.compile(
        r"(inner|left|full|cross) join|group by|partition by|case when|union all|\bsum\(\w+\.?\w+\)\s+as"
    )
    assert [
        path.name for path in (ROOT / "orchestration" / "report").rglob("*.py") if computing.search(path.read_text())
    ] == []


def test_page_is_light(page: Report) -> None:
    assert page.index.stat().st_size < HEAVIEST_PAGE_BYTES


def test_nothing_comes_from_elsewhere(page: Report, html: str) -> None:
    references = References(html)
    assert references.scripts == 0
    assert [target for target in references.fetched if not target.startswith(("#", "data:,"))] == []
    own = [link for link in references.links if not link.startswith(("#", "https://", "http://"))]
    assert {link for link in own if not (page.index.parent / link).is_file()} == set()


def test_ids_are_unique_and_all_targets_exist(html: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', html)) | set(re.findall(r"url\(#([^)]+)\)", html))
    assert targets <= set(ids)


def test_every_chart_is_told_in_words_with_figures(html: str) -> None:
    labels = [image["aria-label"] or "" for image in References(html).images]
    assert len(labels) == len(NAMES)
    for label in labels:
        assert len(label) > 120
        assert re.search(r"\d", label)


def test_every_chart_says_measure_source_and_date(html: str) -> None:
    for figure in re.findall(r"<figure.*?</figure>", html, flags=re.DOTALL):
        assert re.search(r'class="subtitle">[^<]{60,}', figure)
        assert "Source: " in figure
        assert re.search(r"\d{4}", figure.split("Source: ")[1])
        assert "<details>" in figure


def test_units_are_never_left_open(html: str) -> None:
    text = re.sub(r"\s+", " ", html)
    assert "Confirmed deaths (a minimum)" in text
    assert "claimed, killed and wounded" in text
    assert "occupied, per DeepState" in text


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
@pytest.mark.parametrize("canvas", [WIDE, NARROW], ids=["wide", "narrow"])
def test_charts_are_what_vega_lite_allows(published: duckdb.DuckDBPyConnection, module, canvas) -> None:
    figure = module.figure(published)
    assert figure.draw(canvas).to_dict(validate=True)["$schema"]


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        (
            "expected-deaths",
            "select week_start, as_of, status, confirmed_deaths, expected_low, expected_deaths_6m, expected_high from "
            "deaths_by_week where not is_partial_week order by week_start desc limit 104",
        ),
        (
            "net-area",
            "select period, net_km2, gained_km2, lost_km2 from losses_per_km2 where grain = 'month' and net_km2 is not "
            "null",
        ),
        (
            "losses-per-km2",
            "select period, net_km2, area_as_of, as_of, probate_as_of, claims_as_of, confirmed_deaths_per_km2, "
            "probate_estimate_per_km2, claimed_casualties_per_km2, suppressed_because, flagged_because "
            "from losses_per_km2 where grain = 'quarter'",
        ),
        (
            "recruits-and-losses",
            "select period, basis, claimant, recruits_low, recruits, recruits_high, claimed_casualties, "
            "probate_estimate, confirmed_deaths, verdict, suppressed_because, source_urls from recruitment_vs_losses "
            "where grain = 'quarter'",
        ),
        (
            "claims",
            "select claim_id, claim, claimed_by, published_on, unit, stated_low, stated_high, as_of_then, "
            "computed_then, as_of_now, computed_now, verdict, explanation from published_claims",
        ),
        ("sources", "select source, publisher, licence, url, origin, last_observation, is_stale from source_status"),
        ("checks", "select asset, check_name, severity, passed, measured, threshold, meaning from quality_checks"),
    ],
)
def test_csv_equals_the_published_table(
    page: Report, published: duckdb.DuckDBPyConnection, name: str, sql: str
) -> None:
    answer = published.execute(sql)
    columns = [column[0] for column in answer.description]
    expected = sorted(tuple(map(as_text, row)) for row in answer.fetchall())
    assert expected
    assert sorted(tuple(row[column] for column in columns) for row in rows_of(page, name)) == expected


def test_weeks_equal_the_as_of_macro(page: Report, published: duckdb.DuckDBPyConnection) -> None:
    rows = rows_of(page, "deaths-as-known")
    columns = [column for column in rows[0] if column.startswith("confirmed_deaths_as_of_")]
    newest = published.execute("select strftime(max(as_of), '%Y_%m_%d') from vintages").fetchone()[0]
    assert columns[0] == f"confirmed_deaths_as_of_{newest}"
    assert len(set(columns)) > 1, "weeks as known earlier stand beside it"
    for column in columns:
        as_of = column.removeprefix("confirmed_deaths_as_of_").replace("_", "-")
        expected = dict(
            published.execute(
                "select week_start::varchar, confirmed_deaths::varchar from deaths_by_week_as_of(?) "
                "where not is_partial_week",
                [as_of],
            ).fetchall()
        )
        assert {row["week_start"]: row[column] for row in rows if row[column]} == expected
    estimates = published.execute("select count(*), sum(is_forecast::int) from probate_estimate_by_week").fetchone()
    given = [row for row in rows if row["probate_estimate"]]
    assert (len(given), sum(row["probate_is_forecast"] == "True" for row in given)) == estimates


def test_completeness_of_the_newest_vintage_is_that_of_the_months(
    page: Report, published: duckdb.DuckDBPyConnection
) -> None:
    rows = rows_of(page, "completeness")
    newest = max(row["as_of"] for row in rows)
    shown = {row["period"]: row["completeness"] for row in rows if row["as_of"] == newest}
    expected = dict(
        published.execute("select period, completeness from deaths_by_month where not is_partial_period").fetchall()
    )
    assert set(expected) <= set(shown)
    for period, completeness in expected.items():
        if completeness is None:
            assert shown[period] == "", "a month too young for an expected figure is not called complete"
        else:
            assert float(shown[period]) == pytest.approx(completeness, abs=0.001)


def test_branches_add_up(page: Report, published: duckdb.DuckDBPyConnection) -> None:
    rows = rows_of(page, "branches")
    assert {row["branch_group"] for row in rows} == set(branches.GROUPS)
    assert (
        sum(int(row["confirmed_deaths"]) for row in rows)
        == (published.execute("select sum(confirmed_deaths) from deaths_by_branch").fetchone()[0])
    )
    for period in {row["period"] for row in rows}:
        assert sum(float(row["share"]) for row in rows if row["period"] == period) == pytest.approx(1, abs=0.001)


def test_ladder_takes_the_newest_of_each_kind(page: Report, published: duckdb.DuckDBPyConnection) -> None:
    rows = rows_of(page, "totals")
    newest = {row["rung"]: row for row in rows}
    dated = published.execute(
        "select as_of, central from toll_estimates where measure = 'confirmed_dated' order by as_of desc limit 1"
    ).fetchone()
    assert (newest["dated"]["as_of"], newest["dated"]["central"]) == tuple(map(str, dated))
    assert newest["claimed, killed and wounded"]["central"] == str(
        published.execute("select max(claimed_casualties_cum) from claimed_casualties_by_day").fetchone()[0]
    )
    probate = [row["as_of"] for row in rows if row["rung"] == "probate estimate"]
    assert len(probate) > 1
    assert probate == sorted(set(probate)), "one a release, and no estimate of killed and wounded among them"


def test_suppressed_cells_are_shown_as_suppressed(
    page: Report, html: str, published: duckdb.DuckDBPyConnection
) -> None:
    hatched = html.split('id="losses-per-km2"')[1].split('<div class="narrow">')[0].count('fill="url(#hatch)"')
    cells = published.execute(
        "select count(*) * 3 - count(confirmed_deaths_per_km2) "
        "- count(probate_estimate_per_km2) - count(claimed_casualties_per_km2) "
        "from losses_per_km2 where grain = 'quarter' and net_km2 is not null"
    ).fetchone()[0]
    assert hatched == cells > 0
    note = html.split("Hatched cells are suppressed: ")[1].split(".")[0]
    for reason in ("net area is negative", "deaths still being confirmed"):
        assert reason in note


def test_scorecard_has_every_claim_with_its_verdict_and_why(html: str, published: duckdb.DuckDBPyConnection) -> None:
    claims = published.execute("select claim_id, verdict from published_claims").fetchall()
    assert len(re.findall(r'<tr id="claim-', html)) == len(claims)
    for claim_id, verdict in claims:
        row = html.split(f'id="claim-{claim_id}"')[1].split("</tr>")[0]
        assert f'class="verdict {verdict}"' in row
        assert "<summary>Why" in row


def test_checks_that_ask_for_a_look_are_said_first(html: str, published: duckdb.DuckDBPyConnection) -> None:
    failing = published.execute("select check_name from quality_checks where not passed").fetchall()
    listed = html.split('class="checks"')[1].split("</ul>")[0]
    assert all(name in listed for (name,) in failing)
    assert listed.count("<li>") == len(failing)


def test_breaks_of_method_are_drawn_and_explained(published: duckdb.DuckDBPyConnection) -> None:
    for module in (recruits, territory, totals):
        figure = module.figure(published)
        letters = re.findall(r'"text": "([A-Z])"', str(figure.draw(WIDE).to_json()))
        assert sorted(set(letters)) == sorted(note[0] for note in figure.notes if "method break" in note) != []


def test_a_colour_outside_the_palette_is_refused() -> None:
    with pytest.raises(ValueError, match=r"#123456.*add it there"):
        palette.with_variables('<path fill="#123456"/>')
    lights = [colour.light for colour in palette.COLOURS]
    assert len(set(lights)) == len(lights), "two parts of one colour could not differ on dark ground"


@pytest.mark.parametrize(
    ("module", "sql", "expected"),
    [
        (
            totals,
            "update int_toll_estimates set central = 123456 where measure = 'confirmed_dated' "
            "and as_of = (select max(as_of) from int_toll_estimates where measure = 'confirmed_dated')",
            "123,456 deaths are confirmed with a date",
        ),
        (
            recruits,
            "update recruitment_vs_losses set verdict = 'overlaps' where verdict <> 'unknown'",
            "federal budget, undecided in 4 of 4; ",
        ),
        (recruits, "update recruitment_vs_losses set verdict = 'unknown'", "For no quarter can recruits"),
        (
            recruits,
            "delete from recruitment_vs_losses where verdict = 'exceeds'",
            "in quarters that can be compared: federal budget, fewer in 4 of 4",
        ),
        (
            recruits,
            "update recruitment_vs_losses set verdict = 'exceeds' "
            "where basis = 'federal_budget' and period = '2024-Q2'",
            "federal budget, fewer in 3 and more in 1 of 4",
        ),
        (
            territory,
            "update losses_per_km2 set net_km2 = -net_km2 where area_source = 'DeepState' and period >= '2025'",
            "The occupied area shrank by",
        ),
        (
            territory,
            "delete from losses_per_km2 where area_source in ('DeepState', 'deepstate_history')",
            "Russian forces lost a net 116\u00a0km² in April 2026, per ISW, without infiltration zones (control)",
        ),
        (
            territory,
            "delete from losses_per_km2 where grain = 'month' and area_source = 'DeepState' and period_start = ("
            "select max(period_start) - interval 2 month from losses_per_km2 where grain = 'month' "
            "and area_source = 'DeepState' and net_km2 is not null)",
            "from May 2026 to June 2026, per DeepState",
        ),
        (
            per_km2,
            "update losses_per_km2 set probate_estimate_per_km2 = null",
            "no ratio of deaths is given",
        ),
        (
            per_km2,
            "update losses_per_km2 set probate_estimate_per_km2 = null, claimed_casualties_per_km2 = null",
            "all are suppressed",
        ),
        (
            branches,
            "update deaths_by_branch set confirmed_deaths = 0 where branch = 'vol'",
            "No confirmed death on the list is that of a volunteer",
        ),
        (
            expected_deaths,
            "update deaths_by_week set expected_deaths_6m = confirmed_deaths, later_as_of = null "
            "where expected_deaths_6m is not null",
            "nearly complete",
        ),
    ],
)
def test_titles_follow_the_data(
    published: duckdb.DuckDBPyConnection, changed: Callable[[str], Path], module, sql: str, expected: str
) -> None:
    assert expected not in module.figure(published).title
    with duckdb.connect(str(changed(sql)), read_only=True) as connection:
        figure = module.figure(connection)
    assert expected in figure.title


def test_release_and_day_are_printed(refreshed: Refreshed, tmp_path: Path, html: str) -> None:
    assert "Release 2026.10.01" in html
    bare = write_report(refreshed.published_path, tmp_path / "bare")
    assert "Release" not in bare.index.read_text(encoding="utf-8").split("<nav")[0]


def test_same_release_gives_the_same_page(refreshed: Refreshed, page: Report, tmp_path: Path) -> None:
    again = write_report(refreshed.published_path, tmp_path / "again", version="2026.10.01")
    for name in page.files:
        assert (again.index.parent / name).read_bytes() == (page.index.parent / name).read_bytes(), name


@pytest.mark.parametrize(("svg", "folder"), [("<svg", "."), ('<svg xmlns="http://www.w3.org/2000/svg"/>', "gone")])
def test_a_chart_that_cannot_be_painted_stops_the_page(tmp_path: Path, svg: str, folder: str) -> None:
    with pytest.raises(PngError, match="could not be rendered"), PngRenderer() as png:
        png.render(svg, tmp_path / folder / "x.png")


def test_an_error_while_drawing_is_not_hidden_by_the_png_renderer(tmp_path: Path) -> None:
    with pytest.raises(KeyError), PngRenderer() as png:
        png.render("<svg", tmp_path / "x.png")
        raise KeyError
