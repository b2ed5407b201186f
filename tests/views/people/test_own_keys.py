"""The form in which people sign in with a key of their own."""

from bot.domain.ids import IntegrationId
from bot.domain.people.account_links import Site
from bot.integrations.api import CredentialField, Descriptor, FieldKind
from bot.views.people import own_keys
from playground.rules import check_view

SITE = Site(
    id=IntegrationId(1),
    provider="shelf",
    name="Shelf",
    writes_time=False,
    is_connected=True,
    is_broken=False,
)
SHELF = Descriptor(
    slug="shelf",
    name="Shelf",
    icon=":books:",
    capabilities=frozenset(),
    credentials=(
        CredentialField(name="key", label="Key", kind=FieldKind.TEXT),
        CredentialField(name="token", label="Token", kind=FieldKind.SECRET),
    ),
    own_credentials=(
        CredentialField(
            name="token",
            label="Token",
            kind=FieldKind.SECRET,
            hint="Open shelf.test/authorise?key={key} and copy the token.",
        ),
    ),
)


def test_hint_holds_what_the_integration_knows() -> None:
    """People are shown a link that works, not one to put together."""
    form = own_keys.form(SITE, SHELF, "1", shared={"key": "4711"})
    shown = str(check_view(form.as_view(), "modal"))
    assert "shelf.test/authorise?key=4711 and copy" in shown
