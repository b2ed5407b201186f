"""How commands of ``hourlink`` end early, and what they begin with."""

from typing import NoReturn

import typer
from rich.console import Console

from bot import settings, settings_checks

errors = Console(stderr=True)


def stop(reason: str) -> NoReturn:
    """Says why, and ends the program with 1."""
    errors.print(reason, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code=1)


def read() -> settings.Settings:
    """The settings, complete or not; ends the program where one cannot be read at all."""
    try:
        return settings.load()
    except settings.SettingsInvalidError as error:
        stop(str(error))


def checked(role: settings.Role) -> settings.Settings:
    """The settings; ends the program with everything that would stop this role from working."""
    options = read()
    if problems := settings_checks.problems(options, role):
        stop("\n".join(str(problem) for problem in problems))
    return options
