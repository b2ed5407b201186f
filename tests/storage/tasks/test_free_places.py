"""What somebody may track on, asked in two ways."""

import pytest
from sqlalchemy import update

from bot.domain.ids import IntegrationId, ProjectId
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.tasks import free_places, trackable
from tests.builders import NOON, World


@pytest.mark.parametrize("is_admin", [False, True])
@pytest.mark.parametrize("is_active", [True, False])
def test_a_search_looks_where_nothing_keeps_one_from_tracking(
    database_url: str, *, is_admin: bool, is_active: bool
) -> None:
    """Somebody would find tasks that they cannot start, or could start some that none finds."""
    world = World(database_url)
    admin = world.member("admin", admin=True)
    ana = admin if is_admin else world.member("ana")
    board, other = world.integration(admin), world.integration(admin, site="other")
    account = world.account(board)
    world.connected(ana, board, account)
    with world.uow.begin() as tx:
        tx.execute(update(table(ProviderAccountRow)).values(is_active=is_active))

    def place(
        name: str,
        *,
        at: IntegrationId = board,
        archived: bool = False,
        everyone: bool = True,
        listed: bool = False,
        belongs: bool = True,
    ) -> ProjectId:
        source = world.provider_project(at, name, archived=archived, everyone=everyone)
        project = world.project(name, f"P{chr(65 + len(made))}")
        world.link(source, project)
        if belongs:
            world.joins(ana, project)
        if listed:
            world.access(source, account)
        made.append(project)
        return project

    made: list[ProjectId] = []
    open_to_all, listed = place("Open to all"), place("Listed", everyone=False, listed=True)
    not_joined = place("Not joined", belongs=False)
    place("Not listed", everyone=False)
    place("Elsewhere", at=other)
    place("Archived there", archived=True)
    archived_here = place("Archived here")
    internal = world.project("Internal", "INT")
    world.joins(ana, internal)
    with world.uow.begin() as tx:
        gone = update(table(ProjectRow)).where(table(ProjectRow).c.id == archived_here)
        tx.execute(gone.values(archived_at=NOON))

    with world.uow.read() as tx:
        free = free_places.of_member(tx, ana)
        of_all = trackable.places(tx, ana)
    world.close()

    assert free == [one for one in of_all if one.obstacle is None]
    tools = {open_to_all, listed} if is_active else set()
    if is_admin and is_active:
        tools.add(not_joined)
    assert {one.project_id for one in free} == tools | {internal}
