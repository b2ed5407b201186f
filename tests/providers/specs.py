"""Where the vendors' descriptions of their APIs are.

They belong to their vendors, and are not in this repository. ``HOURLINK_SPECS`` names the folders
that hold them, with ``:`` between two of them as in ``PATH``.
"""

import os
from pathlib import Path

VARIABLE = "HOURLINK_SPECS"


def folders() -> list[Path]:
    """The folders that are named and exist."""
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    return [Path(one) for one in named if one and Path(one).is_dir()]


def found(file: str) -> Path | None:
    """A description; None where nobody has it, and not everything is required.

    Raises:
        FileNotFoundError: everything is required, and it is in none of the folders.
    """
    for folder in folders():
        if (folder / file).is_file():
            return folder / file
    if os.environ.get("HOURLINK_REQUIRE_ALL") == "1":
        raise FileNotFoundError(f"{file} is in no folder that {VARIABLE} names")
    return None


def missing(*files: str) -> str | None:
    """What a test that needs these, or any, would have to be told; None where they are there."""
    if not folders():
        return f"no descriptions of providers' APIs: set {VARIABLE} to a folder with them"
    lacking = [file for file in files if not any((one / file).is_file() for one in folders())]
    if not lacking:
        return None
    return f"no {', '.join(lacking)}: add a folder with it to {VARIABLE}"
