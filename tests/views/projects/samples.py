"""Projects as views are given them, and whether Slack takes what is shown."""

import json
from dataclasses import replace

from bot.domain.ids import (
    IntegrationId,
    ProjectId,
    ProviderProjectId,
)
from bot.domain.projects.project_lists import (
    ListedProject,
    ListedSource,
    ListQuery,
    ProjectsPage,
    Shown,
    SiteChoice,
    SourceLabel,
    Ticks,
)
from bot.integrations.registry import Registry
from bot.views.message import Message, Modal
from bot.views.providers import Faces
from playground.rules import check_message, check_view
from tests.builders import NOON

EVIL = "<!channel> & *bold* " + "very long " * 48
RTL = "שלום \u202e" * 40
FACES: Faces = {one.slug: one for one in Registry.load().descriptors()}


def taken(shown: Message | Modal) -> str:
    """What Slack would take, as JSON; nobody's name may call the channel."""
    if isinstance(shown, Modal):
        found = json.dumps(check_view(shown.as_view(), "modal"), ensure_ascii=False)
    else:
        check_message(list(shown.blocks), shown.text)
        assert "<!channel>" not in shown.text
        found = shown.text + json.dumps(list(shown.blocks), ensure_ascii=False)
    marked = [part for part in found.split('"type": "') if part.startswith("mrkdwn")]
    assert not any("<!channel>" in part.partition('"}')[0] for part in marked)
    return found


def source(number: int = 1, name: str = EVIL, **changes: object) -> SourceLabel:
    """A provider project."""
    label = SourceLabel(
        ProviderProjectId(number),
        name,
        "K" * 100,
        "https://acme.test/p",
        IntegrationId(1 + number % 30),
        "redmine",
        EVIL[:255],
        RTL[:255],
    )
    return replace(label, **changes)  # type: ignore[arg-type]


def project(number: int, name: str = EVIL) -> ListedProject:
    """A project in a list."""
    from_ = source(number) if number % 2 else None
    return ListedProject(
        id=ProjectId(number),
        name=name,
        code="ABCDE",
        is_archived_here=number % 3 == 0,
        source=from_,
        sources=2,
        people=12,
        seconds=3600,
        running=1,
    )


def page(total: int, shown: Shown = Shown.IN_USE, **query: object) -> ProjectsPage:
    """The first page of a long list, or of a short one."""
    numbers = range(1, min(total, 20) + 1)
    asked = replace(ListQuery(shown), **query)  # type: ignore[arg-type]
    return ProjectsPage(
        asked,
        total,
        tuple(project(one) for one in numbers) if shown.is_ours else (),
        () if shown.is_ours else tuple(ListedSource(source(one), NOON, EVIL) for one in numbers),
        tuple((one, 20_000) for one in Shown),
        tuple(SiteChoice(IntegrationId(one), "redmine", EVIL[:255]) for one in range(1, 130)),
        frozenset({1, 3}),
        Ticks(2, 1),
        is_admin=True,
    )
