"""A group of commands that imports the module of a command when the command is asked for."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands stand in modules that are not loaded yet.

    Args:
        modules: by name of command its module; there it is the function of that name, with `_` for `-`.
    """

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in alphabetical order."""
        return sorted(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, None where there is none."""
        if cmd_name not in self._modules:
            return None
        return getattr(importlib.import_module(self._modules[cmd_name]), cmd_name.replace("-", "_"))
