"""Several people link, unlink, invite, confirm and track in any order; the rules hold after each.

Never two active links for one provider project, never two holders of one account, never a second
copy of a task, never tracking without the right to, and no time lost.
"""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.entries.entries import OnTask
from bot.domain.ids import TaskId
from bot.domain.linking.linking import LinkWish
from bot.domain.people.account_links import Choice
from bot.domain.states import AccountLinkState as S
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import WhichTask
from bot.integrations.api import ProviderAccount
from tests.machines.fresh import SEARCH
from tests.machines.linking_model import Claim
from tests.machines.linking_office import (
    ACCOUNTS,
    ADMINS,
    OWN,
    PEOPLE,
    SOURCES,
    TASKS,
    LinkingOffice,
    account,
    person,
    source,
    task,
)

pytestmark = pytest.mark.long


class Linking(LinkingOffice):
    """What they do."""

    @initialize(lived_in=st.booleans())
    def office(self, lived_in: bool) -> None:  # noqa: FBT001 - drawn
        """A site with three projects, four tasks and five accounts; half of the time in use."""
        world, site = self.world, self.world.site
        for name in PEOPLE[1:]:
            email = "" if name in OWN else None
            self.people[name] = world.member(name, admin=name in ADMINS, email=email)
        for name in SOURCES:
            site.project(name, f"Project {name}")
        for number, name in enumerate(TASKS):
            site.task(name, SOURCES[number % 2], f"Task {name}", number=number + 1)
        for name in ACCOUNTS:
            owner = next((one for one, theirs in OWN.items() if theirs == name), None)
            site.accounts[name] = ProviderAccount(
                name, name.capitalize(), f"{owner}@acme.test" if owner else None, owner is not None
            )
        self.sync()
        if lived_in:
            for name in ("p1", "p2"):
                self.links_to_new("ana", name)
            for name in ("bo", "ana"):
                self.begins_alone(name)
                self.confirms(name, name)
            self.sync()

    # Linking

    @rule(by=person, which=source)
    def links_to_new(self, by: str, which: str) -> None:
        """*Create & link*: a project of its own, or the one it was linked to before."""
        done = self._tried(
            lambda: self.world.linking.link(
                who=self.people[by], provider_project_id=self._source(which), now=self._now()
            )
        )
        assert (done is not None) == (by in ADMINS and self.model.linkable(which))
        if done is not None:
            known = self.model.sources[which]
            if known.fed is not None and known.fed not in self.model.archived:
                assert done.project_id == known.fed, "relinking resumes where it was"
            assert done.project_id not in self.model.archived
            known.feeds = known.fed = done.project_id
            self.model.settle()

    @rule(by=person, which=source)
    def starts_fresh(self, by: str, which: str) -> None:
        """*Start fresh*: what was tracked stays with the old tasks, and new ones take over."""
        wish = LinkWish(self._source(which), fresh=True)
        done = self._tried(
            lambda: self.world.linking.link_many(
                who=self.people[by], wishes=[wish], now=self._now()
            )
        )
        assert (done is not None) == (by in ADMINS and self.model.linkable(which))
        if done is not None:
            known = self.model.sources[which]
            known.feeds = known.fed = done[0].project_id
            for name in [n for n, one in self.model.tasks.items() if one.place == which]:
                del self.model.tasks[name]
                self.model.frozen += 1
            self.model.settle()

    @rule(by=person, which=source, other=source)
    def links_to_another(self, by: str, which: str, other: str) -> None:
        """*Link to...* a project that is there."""
        target = self.model.sources[other].fed
        if target is None:
            return
        done = self._tried(
            lambda: self.world.linking.link(
                who=self.people[by],
                provider_project_id=self._source(which),
                project_id=target,
                now=self._now(),
            )
        )
        open_target = target not in self.model.archived
        allowed = by in ADMINS and open_target and self.model.linkable(which)
        assert (done is not None) == allowed
        if done is not None:
            self.model.sources[which].feeds = self.model.sources[which].fed = target
            self.model.settle()

    @rule(by=person, which=source)
    def unlinks(self, by: str, which: str) -> None:
        """The link ends; timers on it stop and are kept."""
        done = self._tried(
            lambda: self.unlinking.unlink(
                who=self.people[by], provider_project_ids=[self._source(which)], now=self._now()
            )
        )
        assert (done is not None) == (by in ADMINS and self.model.sources[which].feeds is not None)
        if done is not None:
            self.model.sources[which].feeds = None
            self.model.settle()

    @rule(by=person, which=source, back=st.booleans())
    def ignores(self, by: str, which: str, back: bool) -> None:  # noqa: FBT001 - drawn
        """*Ignore*, or *Stop ignoring*."""
        linking = self.world.linking
        decide = linking.notice_again if back else linking.ignore
        one = self.model.sources[which]
        done = self._tried(
            lambda: decide(
                who=self.people[by], provider_project_id=self._source(which), now=self._now()
            )
        )
        if done is not None:
            assert by in ADMINS
            assert one.feeds is None
            one.is_ignored = not back

    @rule(by=person, which=source, back=st.booleans())
    def archives_here(self, by: str, which: str, back: bool) -> None:  # noqa: FBT001 - drawn
        """An admin archives the project that it feeds, or brings it back (A3)."""
        project = self.model.sources[which].fed
        if project is None:
            return
        act = self.archiving.restore if back else self.archiving.archive
        done = self._tried(lambda: act(who=self.people[by], project_ids=[project], now=self._now()))
        assert (done is not None) == (by in ADMINS)
        if done is not None and back:
            self.model.archived.discard(project)
        elif done is not None:
            self.model.archived.add(project)
            self.model.settle()

    # People

    @rule(by=person, who=person, which=st.none() | account, chosen=st.booleans())
    def invites(self, by: str, who: str, which: str | None, chosen: bool) -> None:  # noqa: FBT001
        """*Notify*, with a suggested account, a chosen one, or none.

        Not the second account that an admin may choose for who is connected: the model knows one.
        """
        before = self.model.claims.get(who)
        if chosen and which is not None and before is not None and before.state is S.CONNECTED:
            return
        choice = Choice(
            self.people[who].id, None if which is None else self._account(which), chosen=chosen
        )
        done = self._tried(
            lambda: self.invitations.invite(self.people[by], self.world.here, [choice], self._now())
        )
        assert (done is not None) == (by in ADMINS)
        if done is None or not done.invited:
            return
        assert before is None or before.state is not S.CONNECTED
        again = before is not None and before.chosen and before.account == which
        self.model.claims[who] = Claim(S.INVITED, which, which is not None and (chosen or again))

    @rule(who=person, by=person)
    def confirms(self, who: str, by: str) -> None:
        """*Connect*, by whoever clicks it."""
        claim = self.model.claims.get(who)
        if claim is None:
            return
        link = self._link(who)
        self._tried(lambda: self.links.confirm(self.people[by], link.id, link.request, self._now()))
        if by == who and claim.state is S.EXPIRED:
            claim.state = S.INVITED  # a click on an expired request brings a fresh one
        elif by == who and claim.state is S.INVITED and claim.account is not None:
            claim.state = self.model.claim(who, claim.account) or claim.state
            self.model.settle()

    @rule(who=person, which=account)
    def picks(self, who: str, which: str) -> None:
        """*Not me*, and another account from the list."""
        claim = self.model.claims.get(who)
        if claim is None:
            return
        link, there = self._link(who), self._account(which)
        self.links.pick(self.people[who], link.id, link.request, there, self._now())
        if claim.state is S.EXPIRED:
            claim.state = S.INVITED
        if link.state not in {S.INVITED, S.AWAITING_APPROVAL}:
            return
        if claim.state is S.AWAITING_APPROVAL and claim.account == which:
            return
        if (becomes := self.model.claim(who, which)) is not None:
            chosen = claim.chosen and claim.account == which
            self.model.claims[who] = Claim(becomes, which, chosen)
            self.model.settle()

    @rule(who=person)
    def declines(self, who: str) -> None:
        """*Decline*."""
        claim = self.model.claims.get(who)
        if claim is None:
            return
        link = self._link(who)
        self.links.decline(self.people[who], link.id, link.request, self._now())
        if claim.state in {S.INVITED, S.AWAITING_APPROVAL}:
            claim.state = S.DECLINED

    @rule(who=person)
    def begins_alone(self, who: str) -> None:
        """``/track connect``."""
        before = self.model.claims.get(who)
        self.links.connect_alone(self.people[who], self.world.here, self._now())
        if before is None or before.state not in {S.INVITED, S.AWAITING_APPROVAL, S.CONNECTED}:
            self.model.claims[who] = self._told(who)
            assert self.model.claims[who].state is S.INVITED

    @rule(by=person, who=person, yes=st.booleans())
    def decides(self, by: str, who: str, yes: bool) -> None:  # noqa: FBT001
        """An admin approves or refuses what waits for it."""
        claim = self.model.claims.get(who)
        if claim is None:
            return
        link = self._link(who)
        decide = self.approvals.approve if yes else self.approvals.refuse
        self._tried(lambda: decide(self.people[by], link.id, link.request, self._now()))
        if by not in ADMINS or claim.state is not S.AWAITING_APPROVAL or claim.account is None:
            return
        if not yes:
            self.model.claims[who] = Claim(S.INVITED)
        elif self.model.accounts[claim.account] and self.model.is_free(claim.account, who):
            claim.state = S.CONNECTED
            self.model.settle()

    @rule(by=person, who=person)
    def withdraws(self, by: str, who: str) -> None:
        """An admin takes a request back."""
        claim = self.model.claims.get(who)
        if claim is None:
            return
        link = self._link(who)
        self._tried(lambda: self.invitations.withdraw(self.people[by], link.id, self._now()))
        if by in ADMINS and claim.state in {S.INVITED, S.AWAITING_APPROVAL}:
            claim.state = S.WITHDRAWN

    @rule(by=person, who=person)
    def disconnects(self, by: str, who: str) -> None:
        """A connection ends, by the member or an admin."""
        claim = self.model.claims.get(who)
        if claim is None:
            return
        link = self._link(who)
        self._tried(lambda: self.links.disconnect(self.people[by], link.id, self._now()))
        if (by == who or by in ADMINS) and claim.state is S.CONNECTED:
            claim.state = S.ENDED
            self.model.settle()

    @precondition(lambda self: any(c.state is S.INVITED for c in self.model.claims.values()))
    @rule()
    def nobody_answers(self) -> None:
        """A week goes by: requests expire."""
        self.world.later(days=8)
        self.deadlines.expire_due(self._now())
        for claim in self.model.claims.values():
            if claim.state is S.INVITED:
                claim.state = S.EXPIRED

    # Time

    @rule(who=person, which=task, by_key=st.booleans())
    def starts(self, who: str, which: str, by_key: bool) -> None:  # noqa: FBT001
        """``/track start``, by key or by a button."""
        if which not in self.model.tasks:
            return
        row = self.world.one("SELECT id, key FROM task WHERE external_id = :e", e=which)
        me, now = self.people[who], self._now()
        if by_key:
            key = KeyRef(str(row.key))
            done = self._tried(lambda: self.tracking.start(who=me, ref=key, now=now))
        else:
            on = OnTask(TaskId(row.id))
            done = self._tried(lambda: self.tracking.start_on(who=me, target=on, now=now))
        runs_already = self.model.running.get(who) == which
        allowed = self.model.may_track(who, which) and not runs_already
        if isinstance(done, WhichTask):
            return  # several tasks have had that key: nothing was started
        assert (done is not None) == allowed, (who, which, done)
        if done is not None:
            self.model.running[who] = which
            self.model.entries += 1

    @precondition(lambda self: self._possible())
    @rule(number=st.integers(0, 19))
    def works(self, number: int) -> None:
        """Somebody starts what they may; chance alone would rarely find it."""
        possible = self._possible()
        who, which = possible[number % len(possible)]
        self.starts(who, which, by_key=False)

    def _possible(self) -> list[tuple[str, str]]:
        return [(w, t) for w in PEOPLE for t in TASKS if self.model.may_track(w, t)]

    @rule(who=person)
    def stops(self, who: str) -> None:
        """``/track stop``."""
        done = self._tried(lambda: self.tracking.stop(who=self.people[who], now=self._now()))
        assert (done is not None) == (who in self.model.running)
        self.model.running.pop(who, None)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_links_people_and_time_stay_right(database: str, request: pytest.FixtureRequest) -> None:
    """Whatever several people do in whatever order."""
    Linking.fresh = staticmethod(request.getfixturevalue(f"fresh_{database}"))
    run_state_machine_as_test(Linking, settings=SEARCH)
