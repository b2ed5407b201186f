"""Every expected error has words of its own."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import bot.domain
from bot.domain.errors import AdminOnly, HourlinkError, Refusal, SavingRefused
from bot.domain.ids import ProviderProjectId
from bot.domain.input_errors import BadInput
from bot.domain.linking.linking import AlreadyLinked, ProviderProjectUnknown
from bot.domain.people.people_errors import NoIntegration
from bot.domain.reports.report_errors import NothingTrackedOn
from bot.domain.slack_errors import SlackError
from bot.domain.tracking.tracking_errors import (
    NothingToResume,
    NothingToTrackOn,
    NoTimerRunning,
    TargetUnknown,
)
from bot.integrations.errors import ProviderError
from bot.views import failures
from bot.views.message import TEXT_LIMIT, Message
from bot.views.searching import no_choice
from tests.builders import NOON

ROOTS = (HourlinkError, BadInput, SlackError, ProviderError)

for module in pkgutil.walk_packages(bot.domain.__path__, "bot.domain."):
    importlib.import_module(module.name)


def leaves(kind: type[Exception]) -> Iterator[type[Exception]]:
    """The classes at the ends of an error tree: what is really raised."""
    children = [child for child in kind.__subclasses__() if child.__module__.startswith("bot.")]
    if not children:
        yield kind
    for child in children:
        yield from leaves(child)


@pytest.mark.parametrize(
    "kind", [leaf for root in ROOTS for leaf in leaves(root)], ids=lambda kind: kind.__name__
)
def test_every_error_has_a_sentence(kind: type[Exception]) -> None:
    """Nobody is ever shown the name of a class."""
    assert failures.has_sentence(kind)


def test_an_error_without_a_sentence_is_not_hidden() -> None:
    """A forgotten sentence is a bug that shows, with a reference, instead of an empty message."""

    class Forgotten(Exception):
        pass

    with pytest.raises(KeyError):
        failures.sentence(Forgotten())


def _labels(told: Message) -> list[str]:
    rows = [block for block in told.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


@pytest.mark.parametrize(
    ("error", "labels"),
    [
        (NothingToResume(), ["Search tasks", "Log time"]),
        (NoTimerRunning(None, NOON), ["Search tasks", "Log time"]),
        (TargetUnknown(), ["Search tasks"]),
        (
            NothingToTrackOn(has_tools=False, is_admin=True, admins=()),
            ["Connect a tool", "Projects"],
        ),
        (
            NothingToTrackOn(has_tools=True, is_admin=True, admins=()),
            ["Connect projects", "Projects"],
        ),
        (NoIntegration(is_admin=True), ["Connect a tool"]),
        (AlreadyLinked(ProviderProjectId(1), "Web", "Site", "Ana", NOON), ["Unlink..."]),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_refusal_has_the_button_that_helps(error: HourlinkError, labels: list[str]) -> None:
    """Nobody is left with a sentence where one click would go on."""
    assert _labels(failures.sentence(error)) == labels


def test_what_is_linked_already_is_told_beside_no_namesake() -> None:
    """Most projects are called like what feeds them: that name stands there once."""
    other = AlreadyLinked(ProviderProjectId(1), "Web", "Site", "Ana", NOON)
    assert failures.sentence(other).text.startswith("*Web* is already linked to *Site* by Ana")
    same = AlreadyLinked(ProviderProjectId(1), "Web", "Web", "Ana", NOON)
    assert failures.sentence(same).text.startswith("*Web* is already linked by Ana")
    policy = AlreadyLinked(ProviderProjectId(1), "Web", "Web", None, NOON)
    assert failures.sentence(policy).text.startswith("*Web* is already linked by the link policy,")
    unknown = ProviderProjectUnknown("web", linked=(("Web", "Web"), ("Web", "Site")))
    assert "Linked already: *Web*, *Web* to *Site*." in failures.sentence(unknown).text


@pytest.mark.parametrize(
    ("admins", "whom"),
    [
        ((), "Ask one of Hourlink's admins"),
        (("Ana",), "Ask Ana"),
        (("Ana", "Bo <x>"), "Ask Ana or Bo &lt;x&gt;"),
        (("Ana", "Bo", "Cleo"), "Ask Ana, Bo or Cleo"),
        (("Ana", "Bo", "Cleo", "Dan"), "Ask Ana, Bo, Cleo or another admin"),
    ],
)
def test_who_may_do_it_is_named(admins: tuple[str, ...], whom: str) -> None:
    """Whoever is refused knows whom to turn to."""
    assert failures.sentence(AdminOnly(admins)).text.endswith(f" {whom}.")
    for has_tools in (True, False):
        refused = NothingToTrackOn(has_tools=has_tools, is_admin=False, admins=admins)
        told = failures.sentence(refused)
        assert f"{whom} to " in told.text
        assert not _labels(told)
    assert f"{whom} to connect one." in failures.sentence(NoIntegration(admins=admins)).text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("every #C0GENERAL1", "every <#C0GENERAL1>"),
        ("to #C024BE91L to @U0BO1234", "to <#C024BE91L> to <@U0BO1234>"),
        ("#CLOSED #CAFETERIA #c2-review", "#CLOSED #CAFETERIA #c2-review"),
        ("fix#C024BE91L <#C024BE91L>", "fix#C024BE91L &lt;#C024BE91L&gt;"),
        (f"{'x' * 55} #C024BE91LX", f"{'x' * 55} #C0\u2026"),
    ],
)
def test_a_channel_is_quoted_back_by_its_name(typed: str, shown: str) -> None:
    """A command brings its id, which nobody has typed; Slack shows the name that belongs to it."""
    told = failures.sentence(NothingTrackedOn(typed, ())).text
    assert told.startswith(f"\u201c{shown}\u201d is neither")


@pytest.mark.parametrize("perhaps_saved", [True, False])
def test_who_can_save_nothing_reads_whom_to_tell(*, perhaps_saved: bool) -> None:
    """It does not go by itself, and whoever runs Hourlink may not know."""
    refused = SavingRefused(perhaps_saved=perhaps_saved, why=Refusal.FULL)
    told = failures.sentence(refused).text
    assert "the disk of its database is full. " in told
    assert "Tell whoever runs Hourlink." in told
    assert ("Nothing was changed" in told) is not perhaps_saved


def test_a_reason_in_a_select_fits_into_its_two_lines() -> None:
    """However long it is, and without marks that options do not draw."""
    reason = no_choice("*Website* `x` " + "long words go on " * 20)
    assert reason.label.startswith("Website x long words")
    assert len(reason.label) <= TEXT_LIMIT
    assert no_choice("x" * 200).label.startswith("xxx")
