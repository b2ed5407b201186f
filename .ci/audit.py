"""Asks whether anything that is installed, here or where Hourlink runs, has a known weakness.

`make audit` ends with an error when something is found that is not in KNOWN, and when nobody could
be asked. With --if-reachable the latter is only told, loudly.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("app", "bench", "audit")
"""Together they hold everything: bench.txt has all of dev.txt, that all of app.txt."""

KNOWN: dict[str, str] = {}
"""Findings that do not touch Hourlink, by their id: why not, and until when that holds."""

FOUND, NOT_ASKED = 1, 3


def main() -> int:
    """Ask, and say what came of it."""
    locks = [argument for lock in LOCKS for argument in ("-r", f"requirements/{lock}.txt")]
    ignored = [argument for name in KNOWN for argument in ("--ignore-vuln", name)]
    asked = subprocess.run(  # noqa: S603 - our own words
        [
            *(sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"),
            *("--format", "json", "--progress-spinner", "off", *locks, *ignored),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = asked.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        return _not_asked(last[0])
    wrong = [one for one in packages if one.get("vulns")]
    for one in wrong:
        for weakness in one["vulns"]:
            mended = ", ".join(weakness["fix_versions"]) or "no version yet"
            _say(f"{one['name']} {one['version']}: {weakness['id']}, mended in {mended}")
    if wrong:
        return FOUND
    unknown = [one for one in packages if "skip_reason" in one]
    if unknown:
        names = ", ".join(one["name"] for one in unknown[:3])
        return _not_asked(
            f"the index knows nothing of {len(unknown)} of {len(packages)} packages ({names}, ...)"
        )
    _say(f"audit: {len(packages)} packages, no known weakness")
    return 0


def _not_asked(reason: str) -> int:
    _say("=" * 78)
    _say("AUDIT SKIPPED: nobody could be asked about known weaknesses.")
    _say(f"Reason: {reason}")
    _say("Run `make audit` where the package index has PyPI's JSON API.")
    _say("=" * 78)
    return 0 if "--if-reachable" in sys.argv else NOT_ASKED


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
