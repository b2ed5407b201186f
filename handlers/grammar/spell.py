"""Command values back to words: what a person could have typed, escaped as Slack sends it.

``parse_track(words(command)) == command`` for every command ``parse_track`` made, and the same
for ``/link``.
"""

from functools import singledispatch

from bot.domain.period_words import period_words
from bot.domain.slack_text import escape
from bot.domain.tasks.task_refs import ProjectRef, QuotedName, WordsRef, ref_words
from handlers.grammar import link_values as link
from handlers.grammar import track_values as track
from handlers.grammar.moments import when_words
from handlers.grammar.phrases import (
    amount_words,
    note_words,
    optional_day,
    optional_words,
    site_words,
)
from handlers.grammar.report import report_words
from handlers.grammar.schedule import schedule_words


def words(command: track.TrackCommand | link.LinkCommand) -> str:
    """The words after ``/track`` or ``/link`` that mean this command."""
    return _spell(command)


@singledispatch
def _spell(command: object) -> str:
    raise TypeError(command)


_BARE: dict[type, str] = {
    track.Resume: "resume",
    track.Status: "status",
    track.TeamStatus: "status team",
    track.Cancel: "cancel",
    track.Undo: "undo",
    track.TrackSettings: "settings",
    track.Schedules: "schedule",
    track.UnlockTime: "unlock",
    track.Tokens: "token",
    track.Approvals: "approvals",
    link.Overview: "",
    link.LinkSettings: "settings",
    link.LinkStatus: "status",
}


def _bare(command: object) -> str:
    return _BARE[type(command)]


for _kind in _BARE:
    _spell.register(_kind, _bare)


@_spell.register
def _start(command: track.Start) -> str:
    return escape(_timer("start", command))


@_spell.register
def _switch(command: track.Switch) -> str:
    return escape(_timer("switch", command))


def _timer(verb: str, command: track.Start | track.Switch) -> str:
    task = ref_words(command.task) if command.task else ""
    note = note_words(command.note)
    when = when_words(command.when) if command.when else ""
    if when and isinstance(command.task, WordsRef):
        # The time first, and "for" between: the words might begin like more of the time.
        return optional_words(verb, when, "for", task, note)
    return optional_words(verb, task, when, note)


@_spell.register
def _stop(command: track.Stop) -> str:
    when = when_words(command.when) if command.when else ""
    task = ref_words(command.task) if command.task else ""
    return escape(optional_words("stop", task, when, note_words(command.note)))


@_spell.register
def _log(command: track.Log) -> str:
    amount, day = amount_words(command.amount), optional_day(command.day)
    task = ref_words(command.task) if command.task else ""
    note = note_words(command.note)
    if isinstance(command.task, WordsRef):
        return escape(optional_words("log", amount, day, "on", task, note))
    return escape(optional_words("log", amount, task, day, note))


@_spell.register
def _log_time(command: track.LogTime) -> str:
    task = ref_words(command.task) if command.task else ""
    note = note_words(command.note)
    return escape(optional_words("log", task, optional_day(command.day), note))


@_spell.register
def _today(command: track.Today) -> str:
    return optional_words("today", optional_day(command.day))


@_spell.register
def _week(command: track.Week) -> str:
    return optional_words("week", period_words(command.week) if command.week else "")


@_spell.register
def _submit(command: track.SubmitWeek) -> str:
    return optional_words("submit", period_words(command.week) if command.week else "")


@_spell.register
def _note(command: track.Note) -> str:
    return escape(optional_words("note", command.text))


@_spell.register
def _report(command: track.Report) -> str:
    return escape(optional_words("report", report_words(command.wish)))


@_spell.register
def _schedule(command: track.ScheduleReport) -> str:
    return escape(optional_words("schedule", schedule_words(command)))


@_spell.register
def _tasks(command: track.Tasks) -> str:
    return escape(optional_words("tasks", command.words))


@_spell.register
def _edit(command: track.Edit) -> str:
    return escape(optional_words("edit", command.entry))


@_spell.register
def _done(command: track.Done) -> str:
    return escape(optional_words("done", ref_words(command.task) if command.task else ""))


@_spell.register
def _connect_account(command: track.ConnectAccount) -> str:
    return escape(optional_words("connect", site_words(command.provider)))


@_spell.register
def _track_help(command: track.TrackHelp) -> str:
    return optional_words("help", command.verb)


@_spell.register
def _connect_integration(command: link.ConnectIntegration) -> str:
    return escape(optional_words("connect", site_words(command.provider)))


@_spell.register
def _link_project(command: link.LinkProject) -> str:
    target = f"to {_ref(command.to)}" if command.to else "new" if command.create else ""
    return escape(optional_words("project", _ref(command.provider_project), target))


@_spell.register
def _new_project(command: link.NewProject) -> str:
    return escape(f"new {_ref(QuotedName(command.name))}")


@_spell.register
def _link_all(command: link.LinkAll) -> str:
    return escape(optional_words("all", site_words(command.integration)))


@_spell.register
def _link_users(command: link.LinkUsers) -> str:
    everyone = "all" if command.everyone else ""
    return optional_words("users", everyone, *(_user(user) for user in command.users))


@_spell.register
def _unlink(command: link.Unlink) -> str:
    return escape(optional_words("unlink", _ref(command.project)))


@_spell.register
def _sync(command: link.Sync) -> str:
    return escape(optional_words("sync", _ref(command.target)))


@_spell.register
def _set_channel(command: link.SetChannel) -> str:
    match command.channel:
        case link.ChannelById(channel_id):
            channel = f"<#{channel_id}>"
        case link.ChannelByName(name):
            channel = escape(f"#{name}")
    return optional_words("channel", channel, escape(site_words(command.integration)))


@_spell.register
def _set_channel_default(command: link.SetChannelDefault) -> str:
    return escape(
        optional_words("channel-default", "off" if command.clear else "", _ref(command.project)),
    )


@_spell.register
def _set_policy(command: link.SetPolicy) -> str:
    rules = (
        optional_words(
            "include" if rule.include else "exclude",
            "workspace" if rule.by_workspace else "",
            _ref(QuotedName(rule.pattern)),
        )
        for rule in command.rules
    )
    return escape(
        optional_words(
            "policy",
            f"link {command.link}" if command.link else "",
            f"members {command.members}" if command.members else "",
            "" if command.personal is None else f"personal {'on' if command.personal else 'off'}",
            f"writeback {command.write_back}" if command.write_back else "",
            *rules,
            f"for {site_words(command.integration)}" if command.integration else "",
        ),
    )


@_spell.register
def _name_admin(command: link.NameAdmin) -> str:
    user = _user(command.user) if command.user else ""
    return optional_words("admin", "remove" if command.remove else "", user)


@_spell.register
def _name_manager(command: link.NameManager) -> str:
    remove = "remove" if command.remove else ""
    return optional_words("manager", remove, _user(command.user), escape(_ref(command.project)))


@_spell.register
def _clients(command: link.ListClients) -> str:
    return escape(optional_words("clients", command.words))


@_spell.register
def _audit(command: link.Audit) -> str:
    return escape(optional_words("audit", command.words))


@_spell.register
def _close(command: link.CloseMonth) -> str:
    return optional_words("close", period_words(command.month) if command.month else "")


@_spell.register
def _link_help(command: link.LinkHelp) -> str:
    return optional_words("help", command.verb)


def _ref(ref: ProjectRef | None) -> str:
    return ref_words(ref) if ref else ""


def _user(user: link.UserRef) -> str:
    match user:
        case link.UserById(user_id):
            return f"<@{user_id}>"
        case link.UserByName(name):
            return escape(f"@{name}")
