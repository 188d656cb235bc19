"""The page of the trials: a part that is run again replaces its section and leaves the others."""

from tests.reliability.report import page


def test_a_part_replaces_its_section_only() -> None:
    first = page("", {"faults": ["## Faults", "of the first run"], "nights": ["## Nights", "of the first run"]})
    again = page(first, {"nights": ["## Nights", "of the second run"]})
    assert again.startswith("# Reliability")
    assert again.index("## Faults") < again.index("## Nights")
    assert again.count("of the first run") == 1
    assert again.count("of the second run") == 1
    assert again.count("Run on ") == 2
    assert page(again, {}) == again
