"""What became of the last sync runs of an integration."""

from bot.domain.states import IntegrationState, SyncRunState
from bot.domain.sync.run_history import HistoryLine, RunHistory
from bot.domain.sync.sync import SyncPhase, SyncRun
from bot.views.message import Block, Modal, actions, button, clipped, context, escaped, section
from bot.views.providers import Faces, face
from bot.views.sync.syncs import named
from bot.views.words import counted, local_time

PAGE = "runs.page"

_REASON = 600
_MINUTE = 60
_PHASES = {
    SyncPhase.PROJECTS: "projects",
    SyncPhase.ACCOUNTS: "people",
    SyncPhase.TASKS: "tasks",
}


def history(found: RunHistory, faces: Faces) -> Modal:
    """One page, newest first, with whether the credentials still work."""
    integration = found.integration
    site = f"{face(faces, integration.provider)}, *{escaped(clipped(integration.site_name, 150))}*"
    blocks: list[Block] = [section(f"{site}\n{_how_many(found)}")]
    if integration.state is IntegrationState.BROKEN:
        why = escaped(clipped(integration.broken_reason or "no reason given", _REASON))
        again = button("Connect again", "connect.again", str(integration.id), style="primary")
        blocks.append(section(f"*It needs new credentials* ({why}).", accessory=again))
    blocks += [section(_line(line)) for line in found.lines]
    turns = []
    if found.page:
        turns.append(button("Newer", f"{PAGE}#back", _value(found, found.page - 1)))
    if found.page + 1 < found.pages:
        turns.append(button("Older", f"{PAGE}#on", _value(found, found.page + 1)))
    if turns:
        blocks += [context(f"Page {found.page + 1:,} of {found.pages:,}"), actions(*turns)]
    return Modal("runs", "Run history", blocks, close="Close")


def _value(found: RunHistory, page: int) -> str:
    return f"{found.integration.id}:{page}"


def _how_many(found: RunHistory) -> str:
    if not found.total:
        return "No sync has run yet."
    return f"{counted(found.total, 'sync')}, the newest first."


def _line(line: HistoryLine) -> str:
    run = line.run
    kind = "everything was read" if run.is_full else "changes were read"
    by = f"Asked by {escaped(line.asked_by)}" if line.asked_by else "By schedule"
    if line.about:
        by += f" for {named(line.about)}"
    parts = [f"*{local_time(run.started_at)}*: {_state(run)}"]
    parts.append(
        f"{by}; {kind}: {run.created:,} new, {run.changed:,} changed, {run.gone:,} gone, "
        f"{run.unchanged:,} as before; {counted(run.pages, 'page')}, "
        f"{counted(run.requests, 'request')}"
    )
    if run.error:
        said = "Waits because" if run.state is SyncRunState.RUNNING else "The reason"
        parts.append(f"{said}: {escaped(clipped(run.error, _REASON))}")
    return "\n".join(parts)


def _state(run: SyncRun) -> str:
    if run.ended_at is None:
        return f"under way, reading {_PHASES[run.bookmark.phase]}"
    seconds = (run.ended_at - run.started_at).total_seconds()
    if seconds < 1:
        took = "in less than a second"
    elif seconds < 2 * _MINUTE:
        took = f"in {counted(round(seconds), 'second')}"
    else:
        took = f"in {counted(round(seconds / _MINUTE), 'minute')}, ended {local_time(run.ended_at)}"
    done = "*failed*" if run.state is SyncRunState.FAILED else "done"
    return f"{done} {took}"
