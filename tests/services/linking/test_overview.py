"""What the Overview counts (L10)."""

from sqlalchemy import update
from sqlmodel import col

from bot.domain.linking.overview import ProjectCounts
from bot.services.linking.overview import Overviews
from bot.views.linking.overview import overview
from storage.linking.provider_projects import ProviderProjectRow
from tests.builders import NOON, World


def test_what_was_deleted_in_the_tool_is_linked_still(world: World) -> None:
    """Its project counts as connected, so the tool's line names it; what had no link is gone."""
    ana = world.member("ana", admin=True)
    board = world.integration(ana)
    ids = [world.provider_project(board, name) for name in ("Web", "Shop", "Old", "Never")]
    for one, name in zip(ids[:3], ("WEB", "SHP", "OLD"), strict=True):
        world.link(one, world.project(name.title(), name))
    with world.uow.begin() as tx:
        there = update(ProviderProjectRow).where(col(ProviderProjectRow.id).in_(ids[2:]))
        tx.execute(there.values(gone_at=NOON))
    found = Overviews(world.uow).everything(who=ana)
    (tool,) = found.integrations
    assert tool.projects == ProjectCounts(linked=3, deleted=1)
    assert found.own.connected == 3
    said = overview(found, {}).text
    assert "3 linked (1 of them deleted there), 0 unlinked" in said
    assert "3 connected, 0 internal" in said
