import pytest
from cryptography.fernet import Fernet

from bot.services.vault import SealBroken, Vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRETS = {"url": "https://acme.test", "key": "s3cret-ключ"}


def test_what_was_sealed_opens_again_and_does_not_show() -> None:
    """A stolen database file tells no key."""
    sealed = Vault([OLD]).seal(SECRETS)
    assert "s3cret" not in sealed
    assert Vault([OLD]).open(sealed) == SECRETS


def test_the_first_key_seals_and_every_key_opens() -> None:
    """With a new key in front, old integrations go on working; new ones need only the new key."""
    sealed_before = Vault([OLD]).seal(SECRETS)
    both = Vault([NEW, OLD])
    assert both.open(sealed_before) == SECRETS
    assert Vault([NEW]).open(both.seal(SECRETS)) == SECRETS
    assert Vault([NEW]).open(both.seal_again(sealed_before)) == SECRETS


def test_a_lost_key_says_so() -> None:
    """Starting with other keys is an error with a name, not garbage sent to a provider."""
    sealed = Vault([OLD]).seal(SECRETS)
    with pytest.raises(SealBroken):
        Vault([NEW]).open(sealed)
    with pytest.raises(SealBroken):
        Vault([NEW]).seal_again(sealed)
    with pytest.raises(SealBroken):
        Vault([OLD]).open(sealed[:-6] + "AAAAAA")


def test_no_key_is_refused_at_start() -> None:
    """Without keys nothing could be sealed; that shows at start, not at the first connect."""
    with pytest.raises(ValueError, match="one"):
        Vault([])
