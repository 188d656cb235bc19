"""The page in a real browser: drawn, legible, quiet, self-contained and open to everyone, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from orchestration.report.page import SECTIONS, Report, write_report

DESKTOP = {"width": 1100, "height": 900}
PHONE = {"width": 390, "height": 844}
FIGURES = [module.NAME for section in SECTIONS for module in section.figures]
# On a phone at arm's length; the drawings set their letters at 12 px.
SMALLEST_LETTERS_PX = 10


class Visit:
    """A page that was opened, with what it asked for and complained about."""

    def __init__(self, browser: Browser, index: Path, viewport: dict[str, int], scheme: str) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_page(viewport=viewport, color_scheme=scheme)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(index.as_uri())


@pytest.fixture(params=[(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")], ids=["wide", "dark", "phone"])
def visit(request: pytest.FixtureRequest, chromium: Browser, page: Report) -> Iterator[Visit]:
    visit = Visit(chromium, page.index, *request.param)
    yield visit
    visit.page.close()


def test_page_asks_for_nothing_and_complains_of_nothing(visit: Visit, page: Report) -> None:
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith("data:")] == [page.index.as_uri()]


def test_every_chart_is_drawn_once_and_fits(visit: Visit) -> None:
    room = visit.page.viewport_size["width"]
    for name in FIGURES:
        drawings = visit.page.locator(f"#{name} .chart svg:visible")
        assert drawings.count() == 1, name
        box = drawings.bounding_box()
        assert box["width"] > 300, name
        assert box["height"] > 120, name
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= room, name


def test_page_does_not_scroll_sideways(visit: Visit) -> None:
    visit.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == visit.page.viewport_size["width"]


def test_letters_are_legible(visit: Visit) -> None:
    sizes = visit.page.locator(".chart svg:visible text").evaluate_all(
        """all => all.filter(each => each.textContent.trim()).map(each => {
            const scale = each.ownerSVGElement.getScreenCTM().a;
            return [each.textContent, parseFloat(getComputedStyle(each).fontSize) * scale];
        })"""
    )
    assert len(sizes) > 100
    assert [(text, size) for text, size in sizes if size < SMALLEST_LETTERS_PX] == []


def test_no_letters_stand_over_others_or_outside(visit: Visit) -> None:
    problems = visit.page.locator(".chart svg:visible").evaluate_all(
        """all => all.flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            const texts = [...svg.querySelectorAll('text')].filter(each => each.textContent.trim()
                && getComputedStyle(each).opacity !== '0' && each.getAttribute('opacity') !== '0')
                .map(each => [each.textContent, each.getBoundingClientRect()]);
            const found = [];
            texts.forEach(([text, box], index) => {
                if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
                    found.push(`${text} is cut off`);
                texts.slice(index + 1).forEach(([other, its]) => {
                    const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
                    const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
                    if (across > 1 && down > 3) found.push(`${text} over ${other}`);
                });
            });
            return found;
        })"""
    )
    assert problems == []


def test_letters_stand_out_in_light_and_dark(visit: Visit) -> None:
    """WCAG's contrast of 4.5, computed here because axe does not look into drawings."""
    weakest = visit.page.evaluate(
        """() => {
            const luminance = text => {
                const parts = text.match(/[\\d.]+/g).slice(0, 3).map(Number).map(value => value / 255)
                    .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
                return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
            };
            const ground = luminance(getComputedStyle(document.documentElement).backgroundColor);
            return Math.min(...[...document.querySelectorAll('.chart svg text')].map(each => {
                const ink = luminance(getComputedStyle(each).fill);
                return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
            }));
        }"""
    )
    assert weakest >= 4.5


def test_page_is_open_to_everyone(visit: Visit) -> None:
    visit.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    found = Axe().run(visit.page).response["violations"]
    grave = [
        (violation["id"], violation["impact"], [node["html"][:120] for node in violation["nodes"]][:3])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert grave == []


def test_tables_open_by_keyboard(visit: Visit) -> None:
    summary = visit.page.locator("#totals details summary")
    summary.focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.locator("#totals table tbody tr").first.is_visible()


def test_dark_ground_is_dark_and_print_is_light(chromium: Browser, page: Report) -> None:
    visit = Visit(chromium, page.index, DESKTOP, "dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert visit.page.evaluate(ground) == "rgb(21, 24, 27)"
    visit.page.emulate_media(media="print", color_scheme="dark")
    assert visit.page.evaluate(ground) == "rgb(255, 255, 255)"
    assert visit.page.locator("nav").is_hidden()
    for name in FIGURES:
        assert visit.page.locator(f"#{name} .chart svg:visible").count() == 1
    assert visit.page.pdf(format="A4").startswith(b"%PDF")
    visit.page.close()


def test_page_of_an_empty_release_reads_on_too(chromium: Browser, emptied: Path, tmp_path: Path) -> None:
    visit = Visit(chromium, write_report(emptied, tmp_path / "report").index, PHONE, "light")
    assert visit.complaints == []
    assert visit.page.locator(".missing:visible").count() == len(FIGURES)
    assert visit.page.locator(".chart").count() == 0
    visit.page.close()
