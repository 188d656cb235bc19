"""The same command where no console script is installed: python -m orchestration.cli."""

from orchestration.cli import main

main(prog_name="war-losses")
