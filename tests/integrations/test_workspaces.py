"""Which workspace an integration is about."""

import pytest

from bot.integrations.errors import ProviderRefused
from bot.integrations.workspaces import chosen

SEVERAL = {"5500": "Acme", "5501": "Personal projects", "5502": "Twin", "5503": "twin"}


@pytest.mark.parametrize("wanted", ["Acme", "acme", "5500"])
def test_workspace_is_known_by_name_or_number(wanted: str) -> None:
    """People know the name, addresses hold the number."""
    assert chosen("shelf", wanted, SEVERAL) == ("5500", "Acme")


def test_only_workspace_is_taken_under_any_name() -> None:
    """Renaming it in the tool breaks nothing."""
    assert chosen("shelf", "Its old name", {"5500": "Acme"}) == ("5500", "Acme")


@pytest.mark.parametrize(
    ("wanted", "every", "reason"),
    [
        ("Acme", {}, "This token opens no workspace."),
        ("Twin", SEVERAL, "This token opens 2 workspaces of that name. Fill in one: 5502, 5503."),
        (
            "Acne",
            {"5500": "Acme", "5501": "Mia"},
            "This token opens no workspace Acne. It opens Acme, Mia.",
        ),
    ],
)
def test_which_of_several_is_asked(wanted: str, every: dict[str, str], reason: str) -> None:
    """Nobody's private workspace is connected by a slip, and the form says what there is."""
    with pytest.raises(ProviderRefused) as caught:
        chosen("shelf", wanted, every)
    assert caught.value.reason == reason
