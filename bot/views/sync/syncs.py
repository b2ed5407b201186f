"""What people are told about syncs, in direct messages."""

from collections.abc import Sequence

from bot.domain.states import SyncRunState
from bot.domain.sync.sync import IntegrationNotice, SyncPhase, SyncReport, SyncRun
from bot.views.message import Message, actions, button, clipped, context, escaped, section
from bot.views.words import closed, counted, local_time

_READING = {
    SyncPhase.PROJECTS: "reading projects",
    SyncPhase.ACCOUNTS: "reading people",
    SyncPhase.TASKS: "reading tasks",
}
_LONGEST_REASON = 500
_MOST_NAMES = 3
_LONGEST_NAME = 80


def report(found: SyncReport, provider: str) -> Message:
    """How the refresh stands that somebody asked for; the same message until it is over."""
    site = f"*{escaped(provider)}, {escaped(found.site_name)}*"
    if found.about:
        site = f"{named(found.about)} of {site}"
    run = found.run
    if run is None:
        if found.needs_credentials and found.next_try_at is None:
            return _said(f"Sync of {site} waits for new credentials.")
        return _said(f"Sync of {site} is about to start.")
    match run.state:
        case SyncRunState.DONE:
            return _done(found, run, site)
        case SyncRunState.FAILED:
            return _failed(found, run, site)
        case SyncRunState.RUNNING:
            return _under_way(found, run, site)


def named(projects: Sequence[str]) -> str:
    """The first of these projects by name, and how many more there are."""
    some = [f"*{escaped(clipped(one, _LONGEST_NAME))}*" for one in projects[:_MOST_NAMES]]
    more = len(projects) - len(some)
    if more:
        return f"{', '.join(some)} and {more:,} more"
    return " and ".join([", ".join(some[:-1]), some[-1]] if some[1:] else some)


def _said(text: str, *small: str) -> Message:
    return Message(
        "\n".join([text, *small]), [section(text), *([context(*small)] if small else [])]
    )


def _under_way(found: SyncReport, run: SyncRun, site: str) -> Message:
    so_far = run.created + run.changed + run.unchanged
    if run.error and found.next_try_at is not None:
        why = escaped(clipped(run.error, _LONGEST_REASON))
        return _said(
            f"Sync of {site} waits: it goes on {local_time(found.next_try_at)}.",
            f"The reason: {closed(why)} What was read so far is saved.",
        )
    return _said(f"Syncing {site}: {_READING[run.bookmark.phase]}, {so_far} items so far.")


def _done(found: SyncReport, run: SyncRun, site: str) -> Message:
    took = _seconds(run)
    verb = "are" if found.about and found.about[1:] else "is"
    text = (
        f"{site} {verb} in sync: {counted(found.tasks, 'task')} in "
        f"{counted(found.projects, 'linked project')}, "
        f"{counted(found.people, 'person', 'people')}, {took}."
    )
    return _said(text, _changes(run))


def _failed(found: SyncReport, run: SyncRun, site: str) -> Message:
    why = escaped(clipped(run.error or "unknown", _LONGEST_REASON))
    if found.needs_credentials:
        text = f"Sync of {site} stopped: the credentials are not accepted any more."
        more = f"Connect it again with new ones: `/link connect`. The reason it gave: {closed(why)}"
    else:
        text = f"Sync of {site} did not complete."
        more = f"The reason: {closed(why)} What was read is saved; the next sync tries again."
    return _said(text, more, _changes(run, "Until then"))


def _changes(run: SyncRun, kind: str = "") -> str:
    kind = kind or ("Everything was read" if run.is_full else "Changes were read")
    return (
        f"{kind}: {run.created} new, {run.changed} changed, {run.gone} gone, "
        f"{run.unchanged} as before; {counted(run.requests, 'request')}."
    )


def _seconds(run: SyncRun) -> str:
    if run.ended_at is None:
        return "now"
    seconds = (run.ended_at - run.started_at).total_seconds()
    return "in less than a second" if seconds < 1 else f"in {counted(round(seconds), 'second')}"


def broken(found: IntegrationNotice, provider: str) -> Message:
    """To every admin, once: an integration waits for new credentials."""
    site = f"*{escaped(provider)}, {escaped(found.site_name)}*"
    text = (
        f"{site} does not accept Hourlink's credentials any more. Its projects and tasks stay as "
        "they are and time can still be tracked; nothing new arrives until somebody connects it "
        "again."
    )
    small = f"The reason it gave: {escaped(clipped(found.reason, _LONGEST_REASON))}"
    value = str(found.integration_id)
    again = button("Connect again", "connect.again", value, style="primary")
    retry = button("Try again now", "link.sync", value)
    return Message(f"{text}\n{small}", [section(text), context(small), actions(again, retry)])


def recovered(found: IntegrationNotice, provider: str) -> Message:
    """To every admin, once: it works again."""
    return _said(f"*{escaped(provider)}, {escaped(found.site_name)}* works again.")
