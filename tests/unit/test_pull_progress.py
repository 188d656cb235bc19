"""A pull tells whoever listens, and nobody afterwards."""

from orchestration.sources.intake import pull_progress


def test_a_listener_hears_of_pulls_while_it_listens() -> None:
    heard = []
    tell = pull_progress.report("claimed_losses")
    tell(0, 3)
    with pull_progress.listening(lambda *told: heard.append(told)):
        tell(1, 3)
        tell(2, 3)
    tell(3, 3)
    assert heard == [("claimed_losses", 1, 3), ("claimed_losses", 2, 3)]
