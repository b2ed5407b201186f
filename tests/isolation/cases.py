"""Requests about the planted rows that no screen of theirs leads to."""

from bot.demo_board import DEMO_BOARD, DEMO_KEY
from bot.views.linking import connecting
from bot.views.people import own_keys
from bot.views.reports import schedules
from bot.views.tracking import log_form
from tests.isolation.desk import Asked
from tests.isolation.planted import COPIES, FIRST, IDS, word

_A, _B, _C = IDS
_PLACE = f"projects|{{}}|connected|{_A}|0|{_A}|0|{_A}|1|"
_CHOSEN = _PLACE.format("chosen")
_PEOPLE = f"people|all|{_A}|0|{_A}|1|0|{{}}|{{}}|"
_ADD = f"add|{_A}|0|all|all|1||"
_DAY = "2026-11-20"
_REPORT = "w2026-11-16|project|{}|t|0|{}"
_FILTERS = (";;;;", f"p{_A},t{_A};;;;", f";{_A};;;", f";;{_A};;")


def _click(name: str, *values: object, metadata: str = "") -> list[Asked]:
    return [Asked("click", name, str(value), metadata) for value in values]


def _form(name: str, *metadata: object, state: str = "{}") -> list[Asked]:
    return [Asked("submission", name, "", str(one), state) for one in metadata]


def _field(block: str, value: object) -> str:
    return _fields(**{block: value})


def _fields(**fields: object) -> str:
    """The state of a form in which every kind of element holds its value."""
    return repr(
        {
            block: {
                "x": {
                    "selected_option": {"value": str(value)},
                    "selected_options": [{"value": str(value)}],
                    "selected_users": [str(value)],
                    "selected_date": str(value),
                    "selected_channel": str(value),
                    "value": str(value),
                }
            }
            for block, value in fields.items()
        }
    )


def _logged(target: object) -> str:
    return _fields(
        **{
            log_form.TASK: target,
            log_form.DAY: _DAY,
            log_form.LENGTH: "30m",
            log_form.NOTE: "zqx",
        }
    )


_RATE = _fields(people="U0ZQX1", per_hour="90", currency="EUR")
_BOARD = _fields(**{"field:board": DEMO_BOARD, "secret:1:key": DEMO_KEY, "channel": "C0OPS"})

CASES: tuple[Asked, ...] = (
    *_click("home.overview", ""),
    *_click("track.help", ""),
    *_click("link.help", ""),
    *_click("track.start", *IDS, f"p{_A}", f"{_A}@{_B}", f"{_B}@{_A}"),
    *_click("track.stop", *IDS),
    *_click("track.resume", "", *IDS),
    *_click("track.pick", f"{_A}:{_A}", f"{_B}:p{_B}"),
    *_click("track.note", *IDS),
    *_form("track.note", *IDS, state=_field("note", "asked for")),
    *_click("track.undo", *(word("time_entry_change", "step", at) for at in range(COPIES))),
    *_click("team.timers", "", *(f"{one}:0" for one in IDS)),
    *_click("team.turn", *(f"{one}:0" for one in IDS), "0:7"),
    *_click("team.stop", *(f"{one}:0:0" for one in IDS)),
    *_form("team.stop", *(f"{one}:0:0" for one in IDS), state=_field("reason", "asked for")),
    *_click("entry.edit", *IDS),
    *_click("entry.delete", *IDS),
    *_click("entry.history", *IDS),
    *_click("entry.page", *(f"{one}:0" for one in IDS)),
    *_click("entry.reload", "", metadata=f"{_A}:{_A}:0:0:"),
    *_click("report.team", *(_REPORT.format(one, "") for one in _FILTERS)),
    *_click("report.team_file", *(_REPORT.format(one, "csv") for one in _FILTERS)),
    *_click("report.cancel", *IDS),
    *_click("settings.team", ""),
    *_click("forgot.working", *IDS),
    *_click("forgot.stop", *IDS),
    *_click("forgot.end", *IDS),
    *_click("forgot.snooze", *(f"{one}:hour" for one in IDS), *(f"{one}:2" for one in IDS)),
    *_form("forgot.end", *IDS),
    *_click("unlock.ask", *(f"{one}:{_DAY}" for one in IDS)),
    *_click("unlock.new", *(f"{one}:{one}:{_DAY}" for one in IDS)),
    *_click("unlock.answer", *IDS),
    *_click("unlock.day", *IDS),
    *_click("unlock.refuse", *IDS),
    *_click("unlock.end", *IDS),
    *_form("unlock.ask", *IDS),
    *_form("unlock.refuse", *IDS, state=_field("reason", "asked for")),
    *_click("sheet.wish", *IDS),
    *_form("sheet.wish", *IDS, state=_field("wish", "asked for")),
    *_click("sheet.approve", *(f"{one}:60" for one in IDS)),
    *_click("sheet.return", *IDS, *(f"{one}:60" for one in IDS)),
    *_click("sheet.details", *IDS, *(f"{one}:60" for one in IDS)),
    *_click("people.confirm", *(f"{one}:1" for one in IDS)),
    *_click("people.not_me", *(f"{one}:1" for one in IDS)),
    *_click("people.decline", *(f"{one}:1" for one in IDS)),
    *_click("people.pick", *(f"{one}:1:{one}" for one in IDS)),
    *_click("people.withdraw", *IDS),
    *_click("people.approve", *(f"{one}:1" for one in IDS)),
    *_click("people.refuse", *(f"{one}:1" for one in IDS)),
    *_click("people.disconnect", *IDS),
    *_click("people.forget_key", *IDS),
    *_click("admin.remove", *IDS),
    *_click("link.pick", *(f"{one}:new" for one in IDS), f"{_C}:{_A}"),
    *_click("link.notice", *IDS),
    *_click("link.fresh", *IDS),
    *_form("link.fresh", *IDS),
    *_click("link.sync", *IDS),
    *_click("link.all", *IDS),
    *_click("policy.join", *IDS),
    *_click("integration.resume", *IDS),
    *_click("announce.link_to", *IDS),
    *_click("announce.create", *IDS),
    *_click("announce.ignore", *IDS),
    *_click("announce.unignore", *IDS),
    *_click("announce.all", *IDS),
    *_click("announce.choose", *IDS),
    *_click("announce.post_again", *IDS),
    *_form("announce.link", *IDS, state=_field("announce.project", FIRST)),
    *_click("projects.source", *IDS, metadata=_PLACE.format("list")),
    *_click("projects.create", *IDS, metadata=_PLACE.format("source")),
    *_click("projects.link_to", *IDS, metadata=_PLACE.format("source")),
    *_click("projects.ignore", *IDS, metadata=_PLACE.format("source")),
    *_click("projects.notice", *IDS, metadata=_PLACE.format("source")),
    *_click("projects.chosen", "", *IDS, metadata=_PLACE.format("list")),
    *_click("projects.resync", *IDS, metadata=_PLACE.format("project")),
    *_click("projects.manager", *(f"{one}:{one}:1" for one in IDS)),
    *_click("runs.page", *(f"{one}:0" for one in IDS)),
    *_click("billing.drop", _DAY, metadata=_PLACE.format("project")),
    *_click("billing.drop_client", _DAY, metadata=_PLACE.format("project")),
    *_click("billing.drop_rate", *IDS, metadata=_PLACE.format("project")),
    *_click("done.mark", *IDS),
    *_click("done.pick", *IDS),
    *_click("done.reopen", *IDS),
    *_click("done.undo", *IDS),
    *_click("worklog.retry", *IDS),
    *_click("worklog.retry_all", *IDS),
    *_click("worklog.retry_mine", "", *IDS),
    *_click("worklog.decide", *IDS),
    *_click("worklog.choose", *(f"{one}.theirs" for one in IDS), *(f"{one}.ours" for one in IDS)),
    *_click("hooks.show", *IDS),
    *_click(own_keys.SIGN_IN_THERE, "", *IDS, metadata=f"{_B}:|1"),
    *_click(own_keys.SIGN_IN_THERE, f"{_B}:{_B}", metadata=f"{_B}:{_B}|1"),
    *_click(connecting.SIGN_IN, "", metadata=f"jira:1:{_B}"),
    *_click(schedules.PAGE, *(f"{whose}:0" for whose in ("own", "all", "mine", "team"))),
    *(
        one
        for name in (schedules.EDIT, schedules.PAUSE, schedules.RESUME, schedules.UNWANTED)
        for one in _click(name, *IDS)
    ),
    *_click(schedules.REMOVE, *IDS),
    *_form(schedules.FORM, *IDS),
    *_click("people.page", 1, metadata=_ADD),
    *_click("people.list_page", 0, metadata=_PEOPLE.format("", "")),
    *_click("people.batch", "invite", "disconnect", metadata=_PEOPLE.format("", "")),
    *_click("people.back", "", metadata=_PEOPLE.format("invite", "x")),
    *_form("people.do", _PEOPLE.format("disconnect", "x"), _PEOPLE.format("withdraw", "x")),
    *_click("audit.page", 0, metadata="audit|0|1|"),
    *_click("link.all_page", 0, metadata=f"{_A},{_B}"),
    *_click("projects.link", "", metadata=_CHOSEN),
    *_click("projects.ignore_all", "", metadata=_CHOSEN),
    *_click("projects.notice_all", "", metadata=_CHOSEN),
    *_form("projects.link", _CHOSEN),
    *_form("projects.ignore_all", _CHOSEN),
    *_click("projects.page", 0, metadata=_PLACE.format("list")),
    *_click("projects.unlink_several", "", "zqx"),
    *_click("clients.page", 0, metadata="clients|0|0|1|"),
    *_click("rates.page", 0, metadata=_PLACE.format("project")),
    *_form("mention.form", f"{_A}:zqx", state=_field("task", _A)),
    Asked("lookup", "mention.find", "zqx", f"{_A}:zqx"),
    Asked("lookup", "mention.find", "", f"{_A}:ZQX-0 ZQX-1"),
    Asked("lookup", "people.account", "zqx", _ADD.replace(str(_A), str(_B)), block_id=f"pick:{_A}"),
    Asked("lookup", "people.pick", "zqx", "", block_id=f"pick:{_B}:1"),
    Asked("lookup", "billing.find_task", "zqx", _PLACE.format("project")),
    Asked("lookup", "billing.find_task", "zqx", _PLACE.format("project").replace(str(_A), str(_B))),
    *_form("log.form", log_form.BY_LENGTH, state=_logged(_A)),
    *_form("log.form", log_form.BY_LENGTH, state=_logged(f"p{_A}")),
    *_form("link.projects", 1, state=_fields(**{"source:0": _C, "target:0": _A})),
    *_form("rates.set", _PLACE.format("project"), state=_RATE),
    *_form("connect", "board:1", f"board:1:{_A}", f"board:1:{_B}", state=_BOARD),
    Asked("redraw", "day.open", _DAY),
)
