"""Two workspaces in one playground; people from a third are guests in a shared channel."""

from playground.shapes import Json
from tests.playground.bench import MANIFEST

REDIRECT = "https://app.test/slack/oauth_redirect"

TEAMS: Json = {
    "team": {"id": "T0ACME", "name": "Acme", "domain": "acme"},
    "people": [
        {"id": "U0ANA", "handle": "ana", "real_name": "Ana Ruiz", "email": "ana@acme.test"},
        {"id": "U0BO", "handle": "bo", "real_name": "Bo Lindqvist"},
        {
            "id": "U0XENA",
            "handle": "xena",
            "real_name": "Xena Outside",
            "email": "xena@partner.test",
            "team_id": "T0PARTNER",
        },
    ],
    "channels": [
        {"id": "C0GENERAL", "name": "general"},
        {"id": "C0SHARED", "name": "shared", "members": ["ana", "bo", "xena"]},
    ],
    "teams": [
        {
            "team": {"id": "T0SUN", "name": "Sun", "domain": "sun"},
            "app": {"installed": False},
            "people": [{"id": "U0SOL", "handle": "sol", "real_name": "Sol Sun"}],
            "channels": [{"id": "C0SUNNY", "name": "sunny"}],
        }
    ],
}

INSTALLABLE: Json = {
    **MANIFEST,
    "oauth_config": {**MANIFEST["oauth_config"], "redirect_urls": [REDIRECT]},
}
