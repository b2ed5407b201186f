"""What is said about linking stays whole and within Slack's limits, whatever things are called."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProjectId,
    ProviderProjectId,
    TeamId,
)
from bot.domain.linking.connecting import Arrival, Connected
from bot.domain.linking.integrations import Integration
from bot.domain.linking.linking import (
    Choice,
    FormerLink,
    How,
    LeftAlone,
    Linked,
    Plan,
    PlannedLink,
    Skip,
    Target,
    UnlinkedProject,
)
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.states import IntegrationState, LinkPolicy, MembersPolicy
from bot.domain.sync.sync import SyncAsked
from bot.integrations.api import Descriptor, Site
from bot.integrations.registry import Registry
from bot.views.linking import connecting, link_all, link_form, linking
from bot.views.message import Message, Modal
from bot.views.providers import Faces
from playground.rules import check_message, check_view
from tests.builders import NOON

EVIL = "<!channel> & *bold* " + "very long " * 48
FACES: Faces = {one.slug: one for one in Registry.load().descriptors()}


def taken(shown: Message | Modal) -> str:
    """What Slack would take, as JSON; nobody's name may call the channel."""
    if isinstance(shown, Modal):
        found = json.dumps(check_view(shown.as_view(), "modal"))
    else:
        check_message(list(shown.blocks), shown.text)
        found = shown.text + json.dumps(list(shown.blocks))
        assert len(shown.text) <= 40_000
    for plain in ('"plain_text", "text": "<!channel>', '"Stop ignoring <!channel>'):
        found = found.replace(plain, "")
    assert "<!channel>" not in found
    return found


def source(number: int, name: str = EVIL) -> UnlinkedProject:
    """A provider project."""
    return UnlinkedProject(
        ProviderProjectId(number),
        IntegrationId(1),
        "redmine",
        EVIL[:255],
        EVIL[:255],
        name,
        "K" * 100,
    )


def made(number: int, how: How = How.CREATED, **changes: Any) -> Linked:  # noqa: ANN401
    """A link."""
    link = Linked(ProviderProjectId(number), EVIL, ProjectId(number), EVIL, "ABCDE", how)
    return replace(link, **changes)


def integration() -> Integration:
    """A connected site."""
    return Integration(
        id=IntegrationId(1),
        team_id=TeamId("T0ACME"),
        provider="redmine",
        site_id="x",
        site_name=EVIL[:255],
        channel_id="C0OPS",
        link_policy=LinkPolicy.ANNOUNCE,
        members_policy=MembersPolicy.PROVIDER_ACCESS,
        personal_projects=False,
        write_back=WriteBack(WriteMode.ON),
        state=IntegrationState.ACTIVE,
        broken_since=None,
        broken_reason=None,
        next_sync_at=NOON,
        synced_at=None,
        connected_by=MemberId(1),
        connected_at=NOON,
    )


def test_moved_and_fresh_tasks_are_told() -> None:
    """Where tracked time stays, what cannot be tracked any more; in one form twenty rows of it."""
    moved = made(1, How.MOVED, former=EVIL, tasks=1200)
    assert "1,200 tasks of before move there; tracked time stays on" in taken(
        linking.linked([moved] * 25)
    )
    fresh = taken(linking.linked([made(1, How.FRESH, former=EVIL, tasks=1)]))
    assert "1 old task stays in reports and cannot be tracked any more" in fresh
    before = FormerLink(EVIL, False, 1200, EVIL, NOON)  # noqa: FBT003
    former = {row: (ProviderProjectId(row), before) for row in range(link_form.MOST_ROWS)}
    form = taken(link_form.projects_form(rows=link_form.MOST_ROWS, former=former))
    assert form.count("Start fresh, with second copies") == link_form.MOST_ROWS


@pytest.mark.parametrize("number", [1, 3, 20, 400])
def test_any_number_of_links_is_told(number: int) -> None:
    """Twenty by name, the others by number; members who joined are counted."""
    shown = taken(linking.linked([made(one) for one in range(number)]))
    assert ("more: " in shown) == (number > 20)
    assert "2 people joined" in taken(linking.linked([made(1, joined=2)]))
    offered = [
        "people.invite" in str(linking.linked([made(1, joined=joined)]).blocks) for joined in (0, 2)
    ]
    assert offered == [True, False], "where nobody joined, people have yet to be asked"


def test_a_plan_of_thousands_fits_in_a_form() -> None:
    """Every kind has its count; the metadata holds hundreds of integrations."""
    links = [
        *(
            PlannedLink(ProviderProjectId(one), IntegrationId(1), EVIL, How.CREATED)
            for one in range(3000)
        ),
        *(
            PlannedLink(ProviderProjectId(one), IntegrationId(1), EVIL, how, ProjectId(1), EVIL)
            for how in (How.EXISTING, How.RESUMED)
            for one in range(50)
        ),
    ]
    skipped = [LeftAlone(EVIL, IntegrationId(1), reason) for reason in Skip for _ in range(40)]
    plan = Plan(tuple(links), tuple(skipped))
    sites = [replace(integration(), id=IntegrationId(one)) for one in range(300)]
    first = taken(link_all.form(FACES, plan, sites))
    assert "3,100 projects will be linked" in first
    assert "New projects: 3,000" in first
    assert "Page 1 of 66." in first
    assert "Previous" not in first
    pages = [taken(link_all.form(FACES, plan, sites, page)) for page in (30, 61, 62, 65)]
    assert all("Previous" in page for page in pages)
    assert "Linked again to the project they had: 50" in pages[1]
    assert "personal: 40" in pages[2]
    assert "Next" not in pages[3]
    assert taken(link_all.form(FACES, plan, sites, 999)) == pages[3]


def test_a_plan_says_whose_project_each_is() -> None:
    """Two tools, or two sites of one, may well use one name; a name is not told twice."""
    one, two = (
        replace(integration(), site_name="Acme"),
        replace(integration(), id=IntegrationId(2), site_name="Beta & Co"),
    )
    plan = Plan(
        (
            PlannedLink(ProviderProjectId(1), one.id, "Web", How.CREATED),
            PlannedLink(ProviderProjectId(2), two.id, "Web", How.EXISTING, ProjectId(1), "Web"),
            PlannedLink(ProviderProjectId(3), two.id, "Ops", How.RESUMED, ProjectId(2), "Servers"),
        ),
        (LeftAlone("Old", two.id, Skip.ARCHIVED),),
    )
    sites = taken(link_all.form(FACES, plan, [one, two]))
    for line in ("Web (Acme)", "Web (Beta &amp; Co)", "Ops (Beta &amp; Co) -> Servers"):
        assert f"{line}\\n" in sites or f'{line}"' in sites, line
    tools = taken(link_all.form(FACES, plan, [one, replace(two, provider="jira")]))
    assert "Web (Redmine)" in tools
    assert "Old (Jira" in tools
    assert "Web (" not in taken(link_all.form(FACES, plan, [one]))


def test_what_is_called_alike_is_said_once() -> None:
    """A project that has its tool's name, as most have, is not told beside itself."""
    alike = {"provider_project": "Web", "project": "Web", "former": "Site", "tasks": 2}
    told = {how: linking.linked([made(1, how, **alike)]).text for how in How}
    assert told[How.EXISTING].startswith("*Web* is linked to the project of the same name.")
    assert told[How.RESUMED].startswith("*Web* is linked again, with its tasks and time.")
    assert told[How.MOVED].startswith("*Web* is linked to the project of the same name. Its 2")
    assert told[How.FRESH].startswith("*Web* is linked, started fresh: 2 old tasks stay")
    other = linking.linked([made(1, How.RESUMED, **(alike | {"project": "Site"}))]).text
    assert other.startswith("*Web* is linked to *Site* again, with its tasks and time.")


def test_the_picker_fits() -> None:
    """Ten buttons and the number of the others, for provider projects and for projects."""
    many = tuple(source(one) for one in range(30))
    targets = tuple(Target(ProjectId(one), EVIL, "ABCDE") for one in range(30))
    assert "And 20 more" in taken(link_form.pick(FACES, Choice(EVIL, many, (), create=True)))
    assert "And 20 more" in taken(
        link_form.pick(FACES, Choice("x", many[:1], targets, create=False))
    )
    assert "link.choose" in taken(link_form.pick(FACES, Choice("x", many, targets, create=False)))


def test_the_form_with_a_chosen_project_fits() -> None:
    """A name of 500 characters becomes an option of 75."""
    taken(link_form.projects_form(rows=link_form.MOST_ROWS, chosen=source(1)))


def test_small_answers() -> None:
    """Made, ignored, noticed, syncing."""
    taken(linking.created(Target(ProjectId(1), EVIL, "ABCDE")))
    assert "link.notice" in taken(linking.ignored(source(1)))
    taken(linking.noticed(source(1)))
    taken(linking.syncing(SyncAsked((EVIL,) * 3, (EVIL,) * 100)))


def test_the_chooser_holds_many_adapters() -> None:
    """Slack takes 25 buttons in a row."""
    redmine = FACES["redmine"]
    many = [replace(redmine, slug=f"tool{one}", name=f"Tool {one}") for one in range(60)]
    assert taken(connecting.chooser(many)).count('"connect.provider#') == 60
    assert "no adapter" in taken(connecting.chooser([]))


def test_the_outcome_of_connecting_says_what_comes_next() -> None:
    """New, returned, mended; warnings of the provider; where to look."""
    redmine: Descriptor = FACES["redmine"]
    site = Site("x", EVIL, "", EVIL, warnings=(EVIL,) * 12)
    for arrival, words in (
        (Arrival.NEW, "Connected:"),
        (Arrival.RETURNED, "3 projects"),
        (Arrival.MENDED, "The new credentials work"),
    ):
        outcome = Connected(integration(), arrival, 3)
        shown = taken(connecting.connected(redmine, outcome, site, None))
        assert words in shown
        assert "are announced in <#C0OPS>, each of them once." in shown
    auto = Connected(replace(integration(), link_policy=LinkPolicy.AUTO), Arrival.RENEWED, 0)
    shown = taken(connecting.connected(redmine, auto, site, None))
    assert "get a project each and are linked, as its settings say." in shown
    assert "are announced" not in shown


@pytest.mark.parametrize(
    ("hows", "told"),
    [
        ((), "Nothing was left to link: it was done meanwhile."),
        ((How.CREATED,), "Linked 1 project to a new project. Its tasks"),
        ((How.CREATED, How.CREATED), "Linked 2 projects to new projects."),
        (
            (How.CREATED, How.RESUMED),
            "Linked 2 projects: 1 to a new project, 1 again to the project it had.",
        ),
    ],
)
def test_what_connect_all_did_is_counted_once(hows: tuple[How, ...], told: str) -> None:
    """*Linked 3 projects: 3 to new projects* says one thing twice; *0 projects* says nothing."""
    made = [
        Linked(ProviderProjectId(at), f"P{at}", ProjectId(at), f"P{at}", "P", how)
        for at, how in enumerate(hows, start=1)
    ]
    assert link_all.done(made, Plan()).text.startswith(told)
