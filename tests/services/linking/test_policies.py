"""The settings of an integration: what they mean before they are saved, and what saving does."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import IntegrationId
from bot.domain.linking.integration_settings import (
    IntegrationSettings,
    Joining,
    SettingsChange,
    SettingsChangedMeanwhile,
    SettingsSaved,
)
from bot.domain.linking.link_rules import LinkRule, RuleBy
from bot.domain.linking.linking import IntegrationDisconnected
from bot.domain.people.people import Member
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.policies import LinkPolicies
from storage.linking.integrations import IntegrationRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.operating.audit import AuditRow
from storage.projects.projects import ProjectMemberRow
from storage.sync.sync_wishes import SyncWishRow
from tests.builders import NOON, World
from tests.services.linking.test_linking import announced
from tests.statements import asked

SANDBOXES = LinkRule(include=False, pattern="Sandbox*")
LABS = LinkRule(include=True, pattern="Labs", by=RuleBy.WORKSPACE)


@pytest.fixture
def policies(world: World) -> LinkPolicies:
    """The service."""
    return LinkPolicies(world.uow, world.new_marker())


def save(
    policies: LinkPolicies, who: Member, board: IntegrationId, **changes: object
) -> SettingsSaved:
    """Opens the form, changes some of it, and sends it."""
    shown = policies.show(who=who, integration_id=board)
    chosen = replace(shown.chosen, **changes)  # type: ignore[arg-type]
    version = IntegrationSettings.of(shown.integration).version
    return policies.save(who=who, integration_id=board, chosen=chosen, version=version, now=NOON)


def left_out(world: World) -> set[str]:
    """Names of what the rules leave out."""
    query = select(col(ProviderProjectRow.name)).where(col(ProviderProjectRow.left_out).is_(True))
    with world.uow.read() as tx:
        return set(tx.execute(query).scalars())


def test_what_rules_mean_is_told_before_they_are_saved(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """The count follows what is typed; archived projects do not count, personal ones are chosen."""
    world.link(world.provider_project(board, "Acme Web"), world.project())
    world.provider_project(board, "Sandbox 1", workspace="Labs")
    world.provider_project(board, "Robot", workspace="Labs")
    world.provider_project(board, "My list", personal=True)
    world.provider_project(board, "Attic", archived=True)
    now = policies.show(who=ana, integration_id=board)
    assert (now.reach.total, now.reach.let_in, now.reach.unlinked) == (4, 3, 2)
    assert (now.reach.some_out, now.has_workspaces) == (("My list",), True)

    def reached(**changes: object) -> tuple[int, int]:
        chosen = replace(now.chosen, **changes)  # type: ignore[arg-type]
        found = policies.show(who=ana, integration_id=board, chosen=chosen).reach
        return found.let_in, found.unlinked

    assert reached(rules=(SANDBOXES,)) == (2, 1)
    assert reached(rules=(LABS,)) == (2, 2)
    assert reached(rules=(LABS, SANDBOXES)) == (1, 1)
    assert reached(personal_projects=True) == (4, 3)
    assert left_out(world) == set()
    assert policies.workspaces(who=ana, integration_id=board, text="lab") == ["Labs"]


def test_saved_rules_hold_for_what_is_there(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """*Connect all* leaves them alone at once; taken back, a sync begins that announces them."""
    world.provider_project(board, "Acme Web")
    world.provider_project(board, "Sandbox 1")
    done = save(policies, ana, board, rules=(SANDBOXES,))
    assert (set(done.changed), done.reach.let_in, done.coming) == ({"rules"}, 1, 1)
    assert left_out(world) == {"Sandbox 1"}
    plan = ConnectAll(world.uow, str).preview(who=ana)
    assert [one.name for one in plan.links] == ["Acme Web"]
    back = save(policies, ana, board, rules=())
    assert (back.reach.let_in, back.coming, left_out(world)) == (2, 2, set())
    with world.uow.read() as tx:
        assert len(tx.execute(select(SyncWishRow)).all()) == 1
        [first, second] = tx.entities.scalars(select(AuditRow).order_by(col(AuditRow.id)))
    assert first.before == {"site": "acme board", "rules": []}
    assert first.after == {"site": "acme board", "rules": ["exclude name Sandbox*"]}
    assert (second.action, second.actor_id) == ("integration.settings", ana.id)


def test_switching_to_auto_tells_what_is_not_linked_yet(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """What was announced before is offered; what never was is linked by the sync that begins."""
    announced(world, board, world.provider_project(board, "Announced before"))
    world.provider_project(board, "Brand new")
    done = save(policies, ana, board, link_policy=LinkPolicy.AUTO)
    assert (done.integration.link_policy, done.coming, done.left) == (LinkPolicy.AUTO, 1, 1)


def test_a_wider_members_policy_offers_to_add_people_now(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """Who may not see the project joins it once everyone connected does; not who was taken off."""
    web, site = world.provider_project(board, "Web", everyone=False), world.project()
    world.link(web, site)
    for name in ("mia", "bo"):
        member = world.member(name)
        world.connected(member, board, world.account(board, name))
    done = save(policies, ana, board, members_policy=MembersPolicy.EVERYONE_CONNECTED)
    assert done.joining == Joining(people=2, projects=1)
    with world.uow.read() as tx:
        assert tx.execute(select(ProjectMemberRow)).all() == []
    _, people, memberships = policies.add_people(who=ana, integration_id=board, now=NOON)
    assert (people, memberships) == (2, 2)
    assert policies.add_people(who=ana, integration_id=board, now=NOON)[1:] == (0, 0)
    off = save(policies, ana, board, members_policy=MembersPolicy.OFF)
    assert off.joining == Joining()
    with world.uow.read() as tx:
        assert len(tx.execute(select(ProjectMemberRow)).all()) == 2


def test_words_change_what_they_name_and_nothing_else(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """A rule is added; including what was excluded takes that back; all tools or one."""
    other = world.integration(ana, site="other")

    def change(*ids: IntegrationId, **words: object) -> list[SettingsSaved]:
        asked = SettingsChange(**words)  # type: ignore[arg-type]
        return policies.change(who=ana, integrations=ids, change=asked, now=NOON)

    both = change(board, other, link_policy=LinkPolicy.AUTO, rules=(SANDBOXES,))
    assert [one.changed for one in both] == [{"link_policy", "rules"}] * 2
    [again] = change(board, link_policy=LinkPolicy.AUTO)
    assert again.changed == frozenset()
    [back] = change(board, rules=(replace(SANDBOXES, include=True, pattern="sandbox*"),))
    assert [one.include for one in back.integration.rules] == [True]
    assert policies.show(who=ana, integration_id=other).chosen.rules == (SANDBOXES,)
    [moved] = change(other, channel_id="C0NEW")
    assert (set(moved.changed), moved.integration.channel_id) == ({"channel_id"}, "C0NEW")


def test_two_admins_with_the_form_open(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """The second to save is told; what the first chose stays."""
    ben = world.member("ben", admin=True)
    opened = policies.show(who=ben, integration_id=board)
    save(policies, ana, board, rules=(SANDBOXES,))
    with pytest.raises(SettingsChangedMeanwhile):
        policies.save(
            who=ben,
            integration_id=board,
            chosen=opened.chosen,
            version=IntegrationSettings.of(opened.integration).version,
            now=NOON,
        )
    assert policies.show(who=ben, integration_id=board).chosen.rules == (SANDBOXES,)


def test_who_may_and_what_is_there(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """Members, other teams' admins and disconnected sites are refused, each in its own way."""
    shown = policies.show(who=ana, integration_id=board)
    for who, error in (
        (world.member("mia"), AdminOnly),
        (world.member("eve", admin=True, team_id=world.team()), Vanished),
    ):
        with pytest.raises(error):
            policies.show(who=who, integration_id=board)
        with pytest.raises(error):
            policies.add_people(who=who, integration_id=board, now=NOON)
        with pytest.raises(error):
            policies.save(who=who, integration_id=board, chosen=shown.chosen, version="", now=NOON)
        with pytest.raises(error):
            policies.change(who=who, integrations=[board], change=SettingsChange(), now=NOON)
    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(state="disconnected"))
    with pytest.raises(IntegrationDisconnected):
        policies.show(who=ana, integration_id=board)


def test_a_preview_reads_the_names_once(
    world: World, ana: Member, board: IntegrationId, policies: LinkPolicies
) -> None:
    """However many provider projects there are, every keystroke costs the same few questions."""
    for number in range(30):
        world.provider_project(board, f"Project {number}")
    chosen = replace(policies.show(who=ana, integration_id=board).chosen, rules=(SANDBOXES,))

    def look() -> object:
        return policies.show(who=ana, integration_id=board, chosen=chosen)

    assert len(asked(world.engine, look)) <= 4
