"""Ana at her keyboard, for the tests of /track."""

from datetime import datetime, timedelta
from typing import Any

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.domain.people.people import Member
from bot.services.entries.files import EntryFiles
from bot.services.reports.files import ReportFiles
from bot.services.reports.long_reports import LongReports
from bot.services.reports.own import Reports
from bot.services.reports.own_charts import OwnCharts
from bot.services.reports.schedule_runs import ScheduleRuns
from bot.services.reports.schedules import Schedules
from bot.services.reports.team import TeamReports
from bot.services.tracking.bare import BareTasks
from bot.services.tracking.log_form import LogForm
from bot.views import failures
from bot.views.message import Message, Modal
from handlers.asking import Click, Command, Fields, Submission
from handlers.entries.entries import EntryHandlers
from handlers.grammar.track_values import (
    Approvals,
    ConnectAccount,
    Done,
    Edit,
    LogTime,
    SubmitWeek,
    Tokens,
    TrackCommand,
    TrackSettings,
    UnlockTime,
)
from handlers.replies import Ephemeral, Reply
from handlers.reports.own import ReportHandlers
from handlers.reports.schedules import ScheduleHandlers
from handlers.reports.team import TeamReportHandlers
from handlers.routes import Routes
from handlers.tasks.done import DoneHandlers
from handlers.tracking.bare import BareTaskHandlers
from handlers.tracking.log_time import LogTimeHandlers
from handlers.tracking.timesheet import TimesheetHandlers
from handlers.tracking.track import TrackHandlers
from playground.rules import check_message
from tests.builders import NOON
from tests.services.office import Office

MINUTE = timedelta(minutes=1)
MOST_AT_ONCE = 100
"""Entries of a report that is made at once."""


class Desk:
    """Ana at her keyboard: types, clicks, reads."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.now: datetime = NOON
        self.routes = Routes()
        self._requests = 0
        timesheets = TimesheetHandlers(office.timesheet)
        uow = office.world.uow
        long = LongReports(uow, office.world.new_marker(), most=MOST_AT_ONCE)
        team = TeamReportHandlers(TeamReports(uow), ReportFiles(uow), long)
        own = Reports(uow)
        reports = ReportHandlers(own, EntryFiles(uow), OwnCharts(uow, own), team)
        marker = office.world.new_marker()
        scheduled = ScheduleHandlers(Schedules(uow, marker), ScheduleRuns(uow, marker))
        entries = EntryHandlers(office.changing, office.entry_finder, office.past, timesheets)
        done = DoneHandlers(office.completing, {})
        log_time = LogTimeHandlers(LogForm(uow, marker, str.capitalize), office.time_log)
        TrackHandlers(
            tracking=office.tracking,
            time_log=office.time_log,
            undoing=office.undoing,
            completing=office.completing,
            day=timesheets.drawn,
            bare=BareTaskHandlers(BareTasks(uow, marker, str.capitalize)),
            undo_done=done.undo_last,
            others={
                ConnectAccount: _connect,
                TrackSettings: _elsewhere,
                UnlockTime: _elsewhere,
                Tokens: _elsewhere,
                LogTime: log_time.opened,
                SubmitWeek: _elsewhere,
                Approvals: _elsewhere,
                Edit: entries.command,
                Done: done.command,
                **timesheets.verbs,
                **reports.verbs,
                **scheduled.verbs,
            },
        ).register(self.routes)
        timesheets.register(self.routes)
        reports.register(self.routes)
        scheduled.register(self.routes)
        entries.register(self.routes)
        done.register(self.routes)
        log_time.register(self.routes)

    def types(self, text: str, who: Member | None = None) -> Message:
        """Sends ``/track`` with this text; the message that comes back, in whatever way."""
        reply = self.asks(text, who)
        assert isinstance(reply, Ephemeral)
        return fits(reply.message)

    def asks(self, text: str, who: Member | None = None) -> Any:  # noqa: ANN401 - any reply
        """The same; the reply itself."""
        self._requests += 1
        ask = Command(
            who=who or self.office.ana,
            now=self.now,
            request_id=f"trigger:{self._requests}",
            channel_id="C0WEB",
            text=text,
        )
        try:
            return self.routes.commands["/track"].handler(ask)
        except (HourlinkError, BadInput) as error:
            return Ephemeral(failures.sentence(error))

    def clicks(
        self,
        action: str,
        value: str = "",
        who: Member | None = None,
        *,
        modal: Modal | None = None,
        state: dict[str, dict[str, Any]] | None = None,
    ) -> Any:  # noqa: ANN401 - any reply
        """Clicks an element, in a message or in a form with this state."""
        ask = Click(
            who=who or self.office.ana,
            now=self.now,
            request_id="action",
            action=action.partition("#")[0],
            value=value,
            view_id="V1" if modal else None,
            metadata=modal.metadata if modal else "",
            fields=Fields(state or {}),
        )
        try:
            return self.routes.clicks[ask.action].handler(ask)
        except (HourlinkError, BadInput) as error:
            return Ephemeral(fits(failures.sentence(error)))

    def sends(self, modal: Modal, values: dict[str, dict[str, Any]]) -> Any:  # noqa: ANN401 - any reply
        """Sends a form."""
        ask = Submission(
            who=self.office.ana,
            now=self.now,
            request_id="view",
            callback_id=modal.callback_id,
            view_id="V1",
            metadata=modal.metadata,
            fields=Fields(values),
        )
        return self.routes.submissions[modal.callback_id].handler(ask)

    def later(self, minutes: int) -> None:
        """Time passes."""
        self.now += minutes * MINUTE


def _connect(ask: Command, parsed: ConnectAccount) -> Reply:
    return Ephemeral(Message(f"{ask.who.name} connects {parsed.provider or 'anything'}"))


def _elsewhere(ask: Command, parsed: TrackCommand) -> Reply:
    """Stands in for the features that answer other verbs."""
    return Ephemeral(Message(f"{ask.who.name} asked for {type(parsed).__name__}"))


def fits(message: Message) -> Message:
    """The message, after Slack's own rules were held against it."""
    check_message(list(message.blocks), message.text)
    assert message.text
    return message


def elements(message: Message | Modal) -> list[dict[str, Any]]:
    """Everything in a message that can be clicked."""
    found = [one for block in message.blocks for one in block.get("elements", ())]
    found += [block["accessory"] for block in message.blocks if "accessory" in block]
    return [one for one in found if "action_id" in one]


def labelled(message: Message | Modal, label: str) -> dict[str, Any]:
    """The button that says this."""
    return next(one for one in elements(message) if one.get("text", {}).get("text") == label)
