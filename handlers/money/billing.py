"""Client and billing of one project or many, people's rates, tasks that are not billed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import date

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ClientId, ProjectId, RateId, SlackUserId, TaskId
from bot.domain.money.billing import ALWAYS, Method
from bot.domain.money.billing_errors import (
    AmountForNothing,
    AmountMissing,
    CurrenciesMixed,
    PersonMissing,
)
from bot.domain.money.billing_forms import BillingWish, RateWish
from bot.domain.money.money import AmountNotUnderstood, CurrencyUnknown
from bot.domain.slack_errors import SlackError
from bot.services.money.billing import Billing
from bot.services.money.rates import Rates
from bot.services.pool import Pool
from bot.views.field_errors import plain_sentence
from bot.views.money import billing as views
from bot.views.money import clients as client_views
from bot.views.money import rates as rate_views
from bot.views.money.billing_words import BILLING, CLIENT, removed
from bot.views.projects import place as projects_place
from bot.views.projects.place import Place, Room
from handlers.asking import Ask, Click, Fields, Lookup, Submission, row_id
from handlers.dates import date_of
from handlers.projects.chosen import ProjectsChosenHandlers, from_button
from handlers.projects.page import place_of
from handlers.replies import Choices, FieldErrors, Reply, UpdateModal
from handlers.routes import Routes
from handlers.whom import Refresh

_METHODS = {one.value: one for one in Method}
_LONGEST = 100


class BillingHandlers:
    """Forms that serve one project and many alike, and those below them."""

    def __init__(
        self,
        billing: Billing,
        rates: Rates,
        chosen: ProjectsChosenHandlers,
        *,
        refresh_people: Refresh,
        pool: Pool,
    ) -> None:
        self._billing = billing
        self._rates = rates
        self._chosen = chosen
        self._refresh = refresh_people
        self._pool = pool

    def register(self, routes: Routes) -> None:
        """Buttons and forms."""
        routes.click(CLIENT, self.client_clicked, admin=True)
        routes.submission(CLIENT, self.client_set, admin=True)
        routes.click(BILLING, self.billing_clicked, admin=True)
        routes.submission(BILLING, self.billing_set, admin=True)
        routes.click(views.DROP, self.dropped, admin=True)
        routes.click(views.DROP_CLIENT, self.client_dropped, admin=True)
        routes.click(views.DROP_RATE, self.rate_dropped, admin=True)
        routes.click(views.PERSON_RATES, self.rates_clicked, admin=True)
        routes.click(client_views.RATES, self.general_clicked, admin=True)
        routes.click(rate_views.PAGE, self.page_turned, admin=True)
        routes.click(rate_views.REMOVE, self.rate_removed, admin=True)
        routes.submission(rate_views.FORM, self.rate_set, admin=True)
        routes.click(views.TASKS, self.tasks_clicked, admin=True)
        routes.submission(rate_views.TASKS_FORM, self.tasks_set, admin=True)
        routes.lookup(rate_views.FIND_BILLED, self.find_billed, admin=True)
        routes.lookup(rate_views.FIND_UNBILLED, self.find_unbilled, admin=True)

    # Whose and how

    def client_clicked(self, ask: Click) -> Reply:
        """*Client...*."""
        return self._client_form(ask, from_button(ask))

    def _client_form(self, ask: Click, place: Place, note: str = "") -> Reply:
        ids = self._chosen.projects(ask, place)
        found = self._billing.form(who=ask.who, project_ids=ids, now=ask.now)
        return UpdateModal(views.client_form(found, place, _today(ask), note=note))

    def client_set(self, ask: Submission) -> Reply:
        """*Save*."""
        place = place_of(ask)
        chosen = ask.fields.choice(views.WHO)
        done = self._billing.set_client(
            who=ask.who,
            project_ids=self._chosen.projects(ask, place),
            client_id=ClientId(row_id(chosen)) if chosen else None,
            from_day=_from(ask.fields),
            now=ask.now,
        )
        return self._chosen.result(ask, place, views.agreed(done))

    def billing_clicked(self, ask: Click) -> Reply:
        """*Billing...*, and *Back* from below."""
        return self._form(ask, from_button(ask))

    def _form(self, ask: Click, place: Place, note: str = "") -> Reply:
        ids = self._chosen.projects(ask, place)
        found = self._billing.form(who=ask.who, project_ids=ids, now=ask.now)
        return UpdateModal(views.billing_form(found, place, _today(ask), note=note))

    def billing_set(self, ask: Submission) -> Reply:
        """*Save*."""
        place = place_of(ask)
        method = _METHODS.get(ask.fields.choice(views.METHOD))
        if method is None:
            raise Vanished("form")
        wish = BillingWish(method, ask.fields.text(views.AMOUNT), _from(ask.fields))
        ids = self._chosen.projects(ask, place)
        try:
            done = self._billing.set_method(who=ask.who, project_ids=ids, wish=wish, now=ask.now)
        except AmountForNothing as error:
            return FieldErrors({views.METHOD: plain_sentence(error)})
        except (AmountMissing, AmountNotUnderstood, CurrenciesMixed) as error:
            return FieldErrors({views.AMOUNT: plain_sentence(error)})
        return self._chosen.result(ask, place, views.agreed(done))

    def dropped(self, ask: Click) -> Reply:
        """*Remove*, beside what began on a day."""
        return self._form(ask, place_of(ask), self._drop(ask))

    def client_dropped(self, ask: Click) -> Reply:
        """The same, in the form of the client."""
        return self._client_form(ask, place_of(ask), self._drop(ask))

    def _drop(self, ask: Click) -> str:
        place = place_of(ask)
        day = _begun(ask.value)
        if day is None or place.room is not Room.PROJECT:
            raise Vanished("entry")
        project_id = ProjectId(place.id)
        closed = self._billing.drop(who=ask.who, project_id=project_id, from_day=day, now=ask.now)
        return removed(closed)

    def rate_dropped(self, ask: Click) -> Reply:
        """*Remove*, beside a rate of the project."""
        closed = self._rates.remove(who=ask.who, rate_id=RateId(row_id(ask.value)), now=ask.now)
        return self._form(ask, place_of(ask), removed(closed))

    # People's rates

    def rates_clicked(self, ask: Click) -> Reply:
        """*People's rates here*."""
        place = place_of(ask).at(Room.PROJECT, row_id(ask.value))
        return self._rates_shown(ask, place.metadata(), ProjectId(place.id), 0)

    def general_clicked(self, ask: Click) -> Reply:
        """*People's rates*, on every project."""
        return self._rates_shown(ask, "rates|", None, 0)

    def page_turned(self, ask: Click) -> Reply:
        """*Previous* and *Next*."""
        return self._rates_shown(
            ask, ask.metadata, _project(ask), row_id(ask.value), times=_times(ask.fields)
        )

    def rate_removed(self, ask: Click) -> Reply:
        """*Remove*, beside a person's rate."""
        closed = self._rates.remove(who=ask.who, rate_id=RateId(row_id(ask.value)), now=ask.now)
        return self._rates_shown(
            ask, ask.metadata, _project(ask), 0, removed(closed), times=_times(ask.fields)
        )

    async def rate_set(self, ask: Submission) -> AsyncIterator[Reply]:
        """*Set rate*; Slack's list is asked for whom we have not met yet."""
        users = tuple(
            SlackUserId(one) for one in ask.fields.choices(_block(ask.fields, rate_views.PEOPLE))
        )
        if await self._pool(self._rates.strangers, who=ask.who, users=users):
            # Where Slack does not answer, those whom we know are served, and the others told of.
            with suppress(SlackError):
                await self._refresh(ask.who.team_id)
        yield await self._pool(self._set_rate, ask, users)

    def _set_rate(self, ask: Submission, users: tuple[SlackUserId, ...]) -> Reply:
        project_id = _project(ask)
        wish = RateWish(
            users,
            ask.fields.text(_block(ask.fields, rate_views.AMOUNT)),
            ask.fields.text(rate_views.CURRENCY),
            _day(ask.fields.choice(_block(ask.fields, rate_views.FROM))) or ALWAYS,
            project_id,
        )
        try:
            done = self._rates.set(who=ask.who, wish=wish, now=ask.now)
        except CurrencyUnknown as error:
            return FieldErrors({rate_views.CURRENCY: plain_sentence(error)})
        except AmountNotUnderstood as error:
            return FieldErrors({_block(ask.fields, rate_views.AMOUNT): plain_sentence(error)})
        except PersonMissing as error:
            return FieldErrors({_block(ask.fields, rate_views.PEOPLE): plain_sentence(error)})
        note = rate_views.rates_set(done)
        return self._rates_shown(
            ask, ask.metadata, project_id, 0, note, times=_times(ask.fields) + 1
        )

    def _rates_shown(
        self,
        ask: Ask,
        metadata: str,
        project_id: ProjectId | None,
        page: int,
        note: str = "",
        *,
        times: int = 0,
    ) -> Reply:
        found = self._rates.page(who=ask.who, project_id=project_id, page=page, now=ask.now)
        return UpdateModal(
            rate_views.rates_form(found, metadata, _today(ask), times=times, note=note)
        )

    # Tasks

    def tasks_clicked(self, ask: Click) -> Reply:
        """*Tasks not billed*."""
        place = place_of(ask).at(Room.PROJECT, row_id(ask.value))
        return self._tasks_shown(ask, place)

    def tasks_set(self, ask: Submission) -> Reply:
        """*Save*."""
        place = place_of(ask)
        done = self._rates.set_tasks(
            who=ask.who,
            project_id=ProjectId(place.id),
            unbilled=_tasks(ask.fields.choices(_block(ask.fields, rate_views.UNBILLED))),
            billed=_tasks(ask.fields.choices(_block(ask.fields, rate_views.BILLED))),
            now=ask.now,
        )
        return self._tasks_shown(ask, place, rate_views.tasks_billed(done))

    def _tasks_shown(self, ask: Ask, place: Place, note: str = "") -> Reply:
        found = self._rates.tasks(who=ask.who, project_id=ProjectId(place.id))
        return UpdateModal(rate_views.tasks_form(found, place, note=note))

    def find_billed(self, ask: Lookup) -> Reply:
        """Somebody types into *Not billed from now on*."""
        return self._found(ask, unbilled=False)

    def find_unbilled(self, ask: Lookup) -> Reply:
        """Somebody types into *Billed again*."""
        return self._found(ask, unbilled=True)

    def _found(self, ask: Lookup, *, unbilled: bool) -> Reply:
        place = projects_place.read(ask.metadata)
        if place is None:
            return Choices()
        found = self._rates.find_tasks(
            who=ask.who,
            project_id=ProjectId(place.id),
            words=ask.query[:_LONGEST],
            unbilled=unbilled,
        )
        return Choices(rate_views.task_options(found))


def _project(ask: Click | Submission) -> ProjectId | None:
    """Whose rates the form shows: a project's, or those on every one."""
    if ask.metadata == "rates|":
        return None
    return ProjectId(place_of(ask).id)


def _today(ask: Ask) -> date:
    return work_date(ask.now, zone_of(ask.who.zone))


def _from(fields: Fields) -> date:
    return _day(fields.choice(views.FROM)) or ALWAYS


def _block(fields: Fields, name: str) -> str:
    """A field whose id goes on behind a colon."""
    return next((one for one in fields.blocks() if one.partition(":")[0] == name), "")


def _times(fields: Fields) -> int:
    """How often *Set rate* was pressed in the form."""
    times = _block(fields, rate_views.PEOPLE).partition(":")[2]
    return row_id(times) if times else 0


def _day(text: str) -> date | None:
    return date_of(text) if text else None


def _begun(value: str) -> date | None:
    """What a button names: also that which holds from the beginning of time."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _tasks(chosen: Sequence[str]) -> list[TaskId]:
    return [TaskId(row_id(one)) for one in chosen]
