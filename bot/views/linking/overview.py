"""The Overview: how everything connected is, and what needs a person."""

from bot.domain.linking.announcements import Announcement
from bot.domain.linking.overview import IntegrationOverview, Overview, PeopleCounts
from bot.domain.operating.installations import Lacking
from bot.domain.states import AnnouncementState, IntegrationState, SyncRunState
from bot.views.message import (
    Block,
    Message,
    actions,
    button,
    clipped,
    context,
    divider,
    escaped,
    header,
    menu,
    section,
)
from bot.views.people import approvals
from bot.views.people import form as people_form
from bot.views.projects import listing as projects_list
from bot.views.projects.summary import RUNS
from bot.views.providers import Faces, face
from bot.views.tracking.team_timers import who_button
from bot.views.words import counted, local_time
from bot.views.writing import worklogs

_MOST_INTEGRATIONS = 10
_LONGEST_REASON = 200

_MONEY = "*Clients*: whom projects are for, in which currency, and what people's hours earn."
_WELCOME = (
    "Hourlink tracks time on the projects your team already has in its tools. It begins with "
    "connecting one: an address, a key, a channel."
)


def overview(found: Overview, faces: Faces) -> Message:
    """For ``/link``: every integration, what needs a person, and what can be done."""
    if not found.integrations:
        first = button("Connect your first tool", "connect.choose", style="primary")
        own = button("Projects", projects_list.OPEN)
        clients = button("Clients", "clients.open")
        blocks = [section(_WELCOME), actions(first, own, clients)]
        said = f"{_WELCOME} Type `/link connect`."
        for words, what in _lacking(found.lacking):
            said, blocks = f"{words}\n{said}", [*what, divider(), *blocks]
        return Message(said, blocks)
    blocks = [header("Overview")]
    lines: list[str] = []
    needs = _needs(found, faces)
    if needs:
        blocks.append(section("*Needs you*"))
        for said, what in needs:
            lines.append(said)
            blocks += what
        blocks.append(divider())
    for one in found.integrations[:_MOST_INTEGRATIONS]:
        said = _integration(one, faces, is_only=len(found.integrations) == 1)
        lines.append(said)
        blocks += [section(said), _buttons(one)]
    left = len(found.integrations) - _MOST_INTEGRATIONS
    if left > 0:
        more = f"And {left} more tools: `/link sync <site>` and `/link all <site>` reach them."
        lines.append(more)
        blocks.append(context(more))
    projects, people, now = _projects(found), _people(found), _now(found)
    blocks += [
        divider(),
        section(projects, accessory=button("Projects", projects_list.OPEN)),
        section(people, accessory=button("Add users", people_form.INVITE)),
        section(now, accessory=who_button()),
        section(_MONEY, accessory=button("Clients", "clients.open")),
        _actions(found),
    ]
    return Message("\n".join(["Overview", *lines, projects, people, now]), blocks)


def _needs(found: Overview, faces: Faces) -> list[tuple[str, list[Block]]]:
    """What waits for a person, each with its words and its blocks."""
    needs = _lacking(found.lacking)
    needs += [
        (said, [section(said), actions(*buttons)])
        for said, buttons in (_trouble(one, faces) for one in found.integrations)
        if said
    ][:_MOST_INTEGRATIONS]
    needs += [worklogs.needs(one) for one in found.unwritten[:_MOST_INTEGRATIONS]]
    for link in found.approvals:
        asked = approvals.question(link, faces)
        needs.append((asked.text, list(asked.blocks)))
    left = found.approvals_total - len(found.approvals)
    if left > 0:
        more = f"{left} more accounts wait for an approval; `/link users` shows all."
        needs.append((more, [context(more)]))
    for announcement in found.undelivered:
        said = _undelivered(announcement)
        again = button("Post again", "announce.post_again", str(announcement.id))
        needs.append((said, [section(said, accessory=again)]))
    left = found.undelivered_total - len(found.undelivered)
    if left > 0:
        more = f"{left} more announcements may not have arrived."
        needs.append((more, [context(more)]))
    return needs


def _lacking(found: Lacking | None) -> list[tuple[str, list[Block]]]:
    """What Slack does not let Hourlink do, and how to mend it."""
    if found is None:
        return []
    what = "\n".join(f"\u2022 `{name}`: {why}" for name, why in found.scopes.items())
    if found.install_url is None:
        mend = "Ask whoever runs Hourlink to install the app again; `hourlink doctor` says how."
        buttons = []
    else:
        mend = "Add it to Slack once more and agree; everything else stays as it is."
        add = button("Add to Slack again", "install.again", url=found.install_url, style="primary")
        buttons = [actions(add)]
    said = f"*Hourlink lacks permissions in this workspace*, so this does not work:\n{what}\n{mend}"
    return [(said, [section(said), *buttons])]


def _trouble(one: IntegrationOverview, faces: Faces) -> tuple[str, list[Block]]:
    """What is wrong with an integration, and the buttons that help; nothing where it works."""
    integration, run = one.integration, one.last_run
    name, value = clipped(integration.site_name, 50), str(integration.id)
    site = f"{face(faces, integration.provider)}, *{escaped(clipped(integration.site_name, 80))}*"
    runs = button("Run history", RUNS, value, says=f"Run history of {name}")
    if integration.state is IntegrationState.BROKEN:
        since = f" since {local_time(integration.broken_since)}" if integration.broken_since else ""
        reason = escaped(clipped(integration.broken_reason or "", _LONGEST_REASON))
        why = f": {reason}" if reason else ""
        mend = button(
            "Connect again",
            "connect.again",
            value,
            style="primary",
            says=f"Give {name} new credentials",
        )
        said = f"{site} *needs new credentials*{since}{why}. What was synced stays."
        return said, [mend, runs]
    if run is not None and run.state is SyncRunState.FAILED:
        why = escaped(clipped(run.error or "unknown", _LONGEST_REASON))
        again = button("Sync now", "link.sync", value, says=f"Sync {name} now")
        return f"{site}: *the last sync failed*: {why}", [again, runs]
    return "", []


def _undelivered(one: Announcement) -> str:
    about = "1 project" if one.total == 1 else f"{one.total} projects"
    where = f"<#{one.channel_id}>"
    if one.state is AnnouncementState.FAILED:
        why = "could not be posted. Is Hourlink in the channel? `/invite @Hourlink` brings it in."
    else:
        why = "may not have arrived. Look there; if it is missing, post it again."
    return f"The announcement of {about} of {escaped(one.site_name)} in {where} {why}"


def _integration(one: IntegrationOverview, faces: Faces, *, is_only: bool) -> str:
    """A tool; its people stand in *Users* where there is no other tool."""
    integration, projects = one.integration, one.projects
    people = "" if is_only else f" People: {_stand(one.people) or 'nobody is connected yet'}."
    site = f"*{escaped(clipped(integration.site_name, 80))}*"
    gone = f" ({projects.deleted} of them deleted there)" if projects.deleted else ""
    left = f"{projects.unlinked} unlinked, {projects.ignored} ignored"
    linked = f"{projects.linked} linked{gone}, {left}"
    if projects.left_out:
        linked += f", {projects.left_out} left out by your rules"
    lines = (
        f"{face(faces, integration.provider)}, {site}: {_health(one)}",
        _when(one),
        f"Projects: {linked}.{people}",
    )
    return "\n".join(lines)


def _health(one: IntegrationOverview) -> str:
    run = one.last_run
    if one.integration.state is IntegrationState.BROKEN:
        return "*needs new credentials*."
    if run is None:
        return "the first sync is about to start."
    if run.state is SyncRunState.RUNNING:
        return "syncing now."
    return "*the last sync failed*." if run.state is SyncRunState.FAILED else "works."


def _when(one: IntegrationOverview) -> str:
    integration = one.integration
    last = local_time(integration.synced_at) if integration.synced_at else "never"
    coming = f", next {local_time(integration.next_sync_at)}" if integration.next_sync_at else ""
    return f"Last synced: {last}{coming}."


def _buttons(one: IntegrationOverview) -> Block:
    integration = one.integration
    name, value = clipped(integration.site_name, 50), str(integration.id)
    people_there = button("See people", approvals.STATUS, value, says=f"See people of {name}")
    more = menu(value, ("Run history", RUNS, value), ("Settings", "policy.open", value))
    if integration.state is IntegrationState.BROKEN:
        return actions(people_there, more)
    sync = button("Sync now", "link.sync", value, says=f"Sync {name} now")
    return actions(sync, people_there, more)


def _projects(found: Overview) -> str:
    own = found.own
    parts = [f"{own.connected} connected", f"{own.internal} internal", f"{own.archived} archived"]
    waits = "waits" if found.unlinked == 1 else "wait"
    waiting = f"; {found.unlinked} {waits} in the tools" if found.unlinked else ""
    return f"*Projects*: {', '.join(parts)}{waiting}."


def _people(found: Overview) -> str:
    """Account links: who has one in each of two tools is two of them."""
    every = [one.people for one in found.integrations]
    stand = _stand(
        PeopleCounts(
            connected=sum(one.connected for one in every),
            invited=sum(one.invited for one in every),
            waiting=sum(one.waiting for one in every),
            declined=sum(one.declined for one in every),
            unreachable=sum(one.unreachable for one in every),
        )
    )
    if not stand:
        return "*Users*: nobody is connected yet."
    where = "" if len(every) == 1 else ", their accounts in all tools"
    return f"*Users*{where}: {stand}."


def _now(found: Overview) -> str:
    timers = (
        counted(found.running, "timer runs", "timers run") if found.running else "no timer runs"
    )
    return f"*Time*: {timers} now."


def _stand(people: PeopleCounts) -> str:
    """How many stand how; empty where nobody is connected, or asked at present."""
    parts = (
        (people.connected, "connected"),
        (people.invited, "invited"),
        (people.waiting, "waiting for approval"),
        (people.declined, "declined"),
        (people.unreachable, "unreachable"),
    )
    return ", ".join(f"{number:,} {word}" for number, word in parts if number)


def _actions(found: Overview) -> Block:
    buttons = []
    if found.unlinked:
        buttons += [
            button("Connect projects", "link.choose", style="primary"),
            button(f"Connect all ({found.unlinked})", "link.all"),
        ]
    return actions(*buttons, button("Connect a tool", "connect.choose"))
