"""The budget of one project or many."""

from bot.domain.money.billing_errors import AmountForNothing, BudgetMissing, CurrenciesMixed
from bot.domain.money.budgets import (
    BudgetWish,
    Every,
    HoursNotUnderstood,
    Kind,
    ThresholdsNotUnderstood,
)
from bot.domain.money.money import AmountNotUnderstood
from bot.services.money.budgets import Budgets
from bot.views.field_errors import plain_sentence
from bot.views.money import budgets as views
from bot.views.money.budget_words import BUDGET
from handlers.asking import Click, Submission
from handlers.projects.chosen import ProjectsChosenHandlers, from_button
from handlers.projects.page import place_of
from handlers.replies import FieldErrors, Reply, UpdateModal
from handlers.routes import Routes

_KINDS = {one.value: one for one in Kind}
_EVERY = {one.value: one for one in Every}


class BudgetHandlers:
    """One form for one project and many alike."""

    def __init__(self, budgets: Budgets, chosen: ProjectsChosenHandlers) -> None:
        self._budgets = budgets
        self._chosen = chosen

    def register(self, routes: Routes) -> None:
        """The button and the form."""
        routes.click(BUDGET, self.clicked, admin=True)
        routes.submission(BUDGET, self.saved, admin=True)

    def clicked(self, ask: Click) -> Reply:
        """*Budget...*."""
        place = from_button(ask)
        ids = self._chosen.projects(ask, place)
        found = self._budgets.form(who=ask.who, project_ids=ids, now=ask.now)
        return UpdateModal(views.budget_form(found, place))

    def saved(self, ask: Submission) -> Reply:
        """*Save*."""
        place, fields = place_of(ask), ask.fields
        wish = BudgetWish(
            _KINDS.get(fields.choice(views.KIND)),
            fields.text(views.AMOUNT),
            _EVERY.get(fields.choice(views.EVERY), Every.ONCE),
            fields.text(views.WARN_AT),
        )
        ids = self._chosen.projects(ask, place)
        try:
            done = self._budgets.set(who=ask.who, project_ids=ids, wish=wish, now=ask.now)
        except AmountForNothing as error:
            return FieldErrors({views.KIND: plain_sentence(error)})
        except (BudgetMissing, AmountNotUnderstood, CurrenciesMixed, HoursNotUnderstood) as error:
            return FieldErrors({views.AMOUNT: plain_sentence(error)})
        except ThresholdsNotUnderstood as error:
            return FieldErrors({views.WARN_AT: plain_sentence(error)})
        return self._chosen.result(ask, place, views.budget_set(done))
