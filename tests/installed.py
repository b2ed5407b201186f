"""A workspace that installed Hourlink over OAuth, for tests of what becomes of it."""

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.operating.installations import Installation

ACME = Installation(
    team_id=TeamId("T0ACME"),
    enterprise_id=None,
    name="Acme",
    bot_id="B1",
    bot_user_id="U1",
    scopes=("commands",),
    installed_by=SlackUserId("U0ANA"),
    token="xoxb-acme",
)
