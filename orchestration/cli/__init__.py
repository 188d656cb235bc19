"""The command war-losses.

What belongs here: arguments, what is printed, exit codes; a module a group of commands. What does not: the work itself.
"""

import click

from orchestration import performance
from orchestration.cli.lazy_group import LazyGroup

# The module of each command: imported when the command is asked for, or when all are listed.
MODULES = {
    "prepare": "orchestration.cli.refresh",
    "refresh": "orchestration.cli.refresh",
    "status": "orchestration.cli.releases",
    "releases": "orchestration.cli.releases",
    "rollback": "orchestration.cli.releases",
    "query": "orchestration.cli.releases",
    "quarantine": "orchestration.cli.files",
    "accept": "orchestration.cli.files",
    "set-aside": "orchestration.cli.files",
    "add": "orchestration.cli.files",
    "embed": "orchestration.cli.files",
    "ui": "orchestration.cli.ui",
}


@click.group(cls=LazyGroup, modules=MODULES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="war-losses")
def main() -> None:
    """Open warehouse of Russian military losses in Ukraine."""
    performance.collect_seldom()
