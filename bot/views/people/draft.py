"""What stands in *Add users*; it travels in the form's metadata and state."""

from collections.abc import Mapping
from dataclasses import field

from bot.domain.ids import IntegrationId, MemberId, ProviderAccountId
from bot.domain.people.add_users import Hint, UsersQuery
from bot.domain.values import dataclass

MOST_PICKS = 180
"""As many hand-picked accounts as a form's metadata has room for."""
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """Who is meant, and the accounts chosen by hand."""

    query: UsersQuery
    picks: Mapping[MemberId, ProviderAccountId] = field(default_factory=dict)
    turn: int = 0
    """Counts how often the form was drawn: Slack keeps what stands in it by its blocks' names."""

    def metadata(self) -> str:
        """All but the people, whom the form's own state keeps."""
        query = self.query
        picks = ",".join(f"{_short(one)}:{_short(two)}" for one, two in self.picks.items())
        who = "all" if query.everyone else "some"
        there = (str(query.integration_id), str(query.page), who, query.hint)
        return "|".join(["add", *there, str(self.turn), picks, query.words])


_PARTS = 7
"""Beside its kind: site, page, who, hint, turn, picks, words."""


def read_draft(metadata: str) -> Draft:
    """A form's metadata again.

    Raises:
        ValueError: it is another form's.
    """
    kind, *words = metadata.split("|", _PARTS)
    if kind != "add" or len(words) != _PARTS or words[3] not in set(Hint):
        raise ValueError(metadata)
    integration, page, who, hint, turn, picks, text = words
    pairs = [pair.split(":") for pair in picks.split(",") if pair]
    query = UsersQuery(
        IntegrationId(int(integration)),
        page=int(page),
        everyone=who == "all",
        hint=Hint(hint),
        words=text[:LONGEST_SEARCH],
    )
    return Draft(
        query,
        {MemberId(int(one, 36)): ProviderAccountId(int(two, 36)) for one, two in pairs},
        int(turn),
    )


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _short(number: int) -> str:
    """An id in as few characters as ``int`` reads again."""
    if number < 0:
        return f"-{_short(-number)}"
    text = ""
    while True:
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
        if not number:
            return text


def is_draft(metadata: str) -> bool:
    """Whether the metadata is this form's."""
    return metadata.startswith("add|")
