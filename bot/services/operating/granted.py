"""What Slack lets Hourlink do in a workspace, beside what it asks for."""

from collections.abc import Iterable, Mapping

from bot.domain.ids import TeamId
from bot.domain.operating.installations import Lacking
from storage import teams
from storage.operating import installations
from storage.unit_of_work import Tx


class Granted:
    """Compares the scopes; an app that was installed by an older version has fewer."""

    def __init__(self, wanted: Mapping[str, str], install_url: str | None = None) -> None:
        """Takes what is asked for.

        Args:
            wanted: Each scope with its reason.
            install_url: Where workspaces install Hourlink themselves; None where the operator
                gave the token of one.
        """
        self._wanted = wanted
        self._install_url = install_url
        self._told: frozenset[str] = frozenset()

    def told(self, scopes: Iterable[str]) -> None:
        """Slack says what the one token may do."""
        self._told = frozenset(scopes)

    def lacking(self, tx: Tx, team_id: TeamId) -> Lacking | None:
        """What is not allowed there; None where nothing is missing, or nobody knows."""
        given = self._told
        if self._install_url is not None:
            found = installations.find(tx, team_id, teams.enterprise(tx, team_id) or "")
            given = frozenset(() if found is None else found.scopes.split(",")) - {""}
        missing = {name: why for name, why in self._wanted.items() if name not in given}
        return Lacking(missing, self._install_url) if given and missing else None
