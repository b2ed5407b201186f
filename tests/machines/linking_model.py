"""What linking must come to, as a model in memory: who is who, what feeds what, who may track."""

from dataclasses import dataclass, field

from bot.domain.ids import ProjectId
from bot.domain.states import AccountLinkState

S = AccountLinkState


@dataclass
class Source:
    """A provider project as the last sync saw it."""

    is_archived: bool = False
    is_gone: bool = False
    is_ignored: bool = False
    access: frozenset[str] | None = None
    """Provider ids of accounts; None lets everyone in."""
    feeds: ProjectId | None = None
    """The project it is linked to."""
    fed: ProjectId | None = None
    """The project it was linked to last."""


@dataclass
class Todo:
    """A task as the last sync of its project saw it."""

    place: str
    is_gone: bool = False


@dataclass
class Claim:
    """Where a person and the site stand."""

    state: AccountLinkState
    account: str | None = None
    chosen: bool = False
    """An admin chose this very account for them."""


@dataclass
class Model:
    """Everything that decides who may track what."""

    admins: frozenset[str]
    proven: dict[str, str]
    """By person: the account whose verified e-mail is theirs."""
    sources: dict[str, Source] = field(default_factory=dict)
    tasks: dict[str, Todo] = field(default_factory=dict)
    frozen: int = 0
    """Tasks that a fresh start left behind."""
    accounts: dict[str, bool] = field(default_factory=dict)
    """Known accounts, and whether each is switched on."""
    claims: dict[str, Claim] = field(default_factory=dict)
    joined: set[tuple[str, ProjectId]] = field(default_factory=set)
    """Who belongs to which project."""
    archived: set[ProjectId] = field(default_factory=set)
    """Projects of ours that are archived."""
    running: dict[str, str] = field(default_factory=dict)
    """The task that a person's timer runs on."""
    entries: int = 0
    """Entries ever kept, the running ones included."""

    # People

    def holder(self, account: str) -> str | None:
        """Who is connected with an account."""
        return next(
            (
                person
                for person, claim in self.claims.items()
                if claim.state is S.CONNECTED and claim.account == account
            ),
            None,
        )

    def is_free(self, account: str, person: str) -> bool:
        """Nobody else is connected with it."""
        return self.holder(account) in {None, person}

    def claim(self, person: str, account: str) -> AccountLinkState | None:
        """The person says that the account is theirs; None leaves everything as it was."""
        if not self.accounts.get(account, False) or not self.is_free(account, person):
            return None
        chosen = self.claims[person].chosen and self.claims[person].account == account
        is_proven = chosen or person in self.admins or self.proven.get(person) == account
        return S.CONNECTED if is_proven else S.AWAITING_APPROVAL

    # Projects

    def linkable(self, source: str) -> bool:
        """Nothing keeps an admin from linking it."""
        one = self.sources.get(source)
        return one is not None and not (
            one.is_archived or one.is_gone or one.is_ignored or one.feeds is not None
        )

    def sees(self, person: str, source: str) -> bool:
        """The person's account there is switched on and may see the project."""
        claim = self.claims.get(person)
        if claim is None or claim.state is not S.CONNECTED or claim.account is None:
            return False
        access = self.sources[source].access
        return self.accounts[claim.account] and (access is None or claim.account in access)

    def join(self) -> None:
        """Whoever is connected and may see a linked project belongs to it from now on."""
        for one in self.sources.values():
            if one.feeds is None:
                continue
            for person, claim in self.claims.items():
                connected = claim.state is S.CONNECTED
                if connected and (one.access is None or claim.account in one.access):
                    self.joined.add((person, one.feeds))

    # Time

    def may_track(self, person: str, task: str) -> bool:
        """U8, A1, A2, A3, S6 together."""
        todo = self.tasks.get(task)
        if todo is None or todo.is_gone:
            return False
        source = self.sources[todo.place]
        if source.feeds is None or source.is_gone or source.is_archived:
            return False
        if source.feeds in self.archived or not self.sees(person, todo.place):
            return False
        return person in self.admins or (person, source.feeds) in self.joined

    def must_stop(self) -> list[str]:
        """Whose timers may not go on (T15): a task that is merely gone stops nothing."""
        return [person for person, task in self.running.items() if not self._goes_on(person, task)]

    def _goes_on(self, person: str, task: str) -> bool:
        place = self.tasks[task].place
        source = self.sources[place]
        if source.feeds is None or source.is_gone or source.is_archived:
            return False
        return source.feeds not in self.archived and self.sees(person, place)

    def settle(self) -> None:
        """After every change: who may join joins, what must stop stops."""
        self.join()
        for person in self.must_stop():
            del self.running[person]
