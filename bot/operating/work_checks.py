"""What is stored and what is owed: secrets, the outbox, workers."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.operating.findings import Finding, fine, warning, wrong
from bot.services.operating.operating import Operating
from bot.services.vault import Vault
from bot.views.words import counted

SECRETS = "Stored secrets"
WORK = "Work owed"
WORKERS = "Workers"

LATE = timedelta(minutes=5)
"""What has been due for longer is stuck: a look comes every second."""

SIGN_OF_LIFE = 30
"""Seconds. Workers give one every five."""


def secrets(operating: Operating, vault: Vault) -> Finding:
    """Whether the configured keys open what is stored."""
    seals = operating.seals(vault)
    broken = [f"{one.broken} of the {one.kind}" for one in seals if one.broken]
    if broken:
        return wrong(
            SECRETS,
            f"No configured key opens {', '.join(broken)}.",
            "Put the old key back behind the new one in HOURLINK_SECRET_KEYS. If it is lost, "
            "connect these tools again: `/link connect`.",
        )
    older = sum(one.older for one in seals)
    if older:
        return warning(
            SECRETS,
            f"{older} are under a key that is not the first.",
            "`hourlink keys rotate` seals them under the first; then the others can go.",
        )
    return fine(
        SECRETS, f"{counted(sum(one.current for one in seals), 'secret')}, all under the first key."
    )


def work(operating: Operating, now: datetime) -> Iterator[Finding]:
    """Whether what is owed is being sent, and somebody sends it."""
    workers = operating.workers_alive(SIGN_OF_LIFE)
    if workers == 0:
        yield wrong(
            WORKERS,
            f"None gave a sign of life in the last {SIGN_OF_LIFE} seconds: nothing is synced, "
            "and no direct message is sent.",
            "Start `hourlink worker`, one at least.",
        )
    elif workers is not None:
        # Each process works two queues, and is two workers to the queue.
        yield fine(WORKERS, f"{-(-workers // 2)} at work.")
    owed = operating.owed()
    late = None if owed.oldest_due is None else now - owed.oldest_due
    if late is not None and late > LATE:
        yield warning(
            WORK,
            f"{owed.waiting} wait to be sent, the oldest for {counted(_minutes(late), 'minute')}.",
            "Does Hourlink run, and does it reach Slack and the tools? The log says what fails.",
        )
    else:
        yield fine(WORK, f"{owed.waiting} wait to be sent; none is late.")
    if owed.given_up:
        lost = counted(owed.given_up, "message or write was", "messages or writes were")
        yield warning(
            "Work given up",
            f"{lost} given up in the last week.",
            "Look for `delivery_given_up` in the log.",
        )


def _minutes(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))
