"""What the doctor found: one sentence about one thing, and how to mend it."""

from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum

from bot.domain.values import dataclass


class Verdict(StrEnum):
    """How bad it is."""

    FINE = "fine"
    WARNING = "warning"
    """It works, and somebody should look."""
    WRONG = "wrong"
    """Something does not work."""
    UNKNOWN = "unknown"
    """It could not be looked at, because something else is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    """Two or three words: ``Slack token``."""
    verdict: Verdict
    says: str
    """A sentence without any secret in it."""
    mend: str = ""
    """What to do; empty where nothing is to be done."""


def fine(subject: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(subject, Verdict.FINE, says)


def warning(subject: str, says: str, mend: str) -> Finding:
    """Works, but somebody should look."""
    return Finding(subject, Verdict.WARNING, says, mend)


def wrong(subject: str, says: str, mend: str) -> Finding:
    """Does not work."""
    return Finding(subject, Verdict.WRONG, says, mend)


def unknown(subject: str, says: str) -> Finding:
    """Could not be looked at."""
    return Finding(subject, Verdict.UNKNOWN, says)


def worst(findings: Iterable[Finding]) -> Verdict:
    """The verdict on all of it; nothing unknown makes it worse than what it follows from."""
    verdicts = {finding.verdict for finding in findings}
    for verdict in (Verdict.WRONG, Verdict.WARNING):
        if verdict in verdicts:
            return verdict
    return Verdict.FINE


def as_rows(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """For programs."""
    return [asdict(finding) for finding in findings]
