"""Addresses as people type them, and the machines behind them."""

import httpcore
import pytest

from bot.integrations.addresses import may_connect, normalised_url
from bot.integrations.errors import ProviderRefused
from bot.integrations.guarded import GuardedBackend


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("https://Redmine.Acme.test/", "https://redmine.acme.test"),
        (" redmine.acme.test ", "https://redmine.acme.test"),
        ("redmine.acme.test:8443/pm/", "https://redmine.acme.test:8443/pm"),
        ("http://redmine.acme.test:80/Sub/Path", "http://redmine.acme.test/Sub/Path"),
        ("https://acme.test:443", "https://acme.test"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("HTTP://127.0.0.1:3100", "http://127.0.0.1:3100"),
    ],
)
def test_one_site_has_one_address(typed: str, expected: str) -> None:
    """However it was typed, connecting the same site twice is noticed by its address."""
    assert normalised_url("some", typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        *("", "https://", "ftp://acme.test", "file:///etc/passwd", "https://acme.test:x"),
        *("https://ana:secret@acme.test", "https://acme.test/?key=1", "https://acme.test/#top"),
        *("https://acme .test", "javascript:alert(1)", "https://[::1"),
    ],
)
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    """The connect form shows why, and does not repeat a password."""
    with pytest.raises(ProviderRefused) as caught:
        normalised_url("some", typed)
    assert caught.value.reason.startswith("The address ")
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize(
    ("address", "with_private", "without"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("10.0.0.8", True, False),
        ("192.168.1.1", True, False),
        ("127.0.0.1", True, False),
        ("::1", True, False),
        ("100.64.0.1", True, False),
        ("fd12::1", True, False),
        ("::ffff:10.0.0.8", True, False),
        ("64:ff9b::a00:8", True, False),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("2002:a9fe:a9fe::1", False, False),
        ("fe80::1%eth0", False, False),
        ("fd00:ec2::254", False, False),
        ("fd20:ce::254", False, False),
        ("168.63.129.16", False, False),
        ("100.100.100.200", False, False),
        ("192.0.0.192", False, False),
        ("64:ff9b::a83f:8110", False, False),
        ("64:ff9b:1::a9fe:a9fe", False, False),
        ("64:ff9b:1::5db8:d822", True, False),
        ("::169.254.169.254", False, False),
        ("::127.0.0.1", True, False),
        ("fec0::1", True, False),
        ("0.0.0.0", False, False),  # noqa: S104 - an address that must not be reached
        ("224.0.0.1", False, False),
    ],
)
def test_which_machines_may_be_reached(address: str, *, with_private: bool, without: bool) -> None:
    """Cloud metadata never; the inner network where the operator lets it; disguises see through."""
    assert may_connect(address, private_allowed=True) is with_private
    assert may_connect(address, private_allowed=False) is without


async def test_a_second_address_is_tried_when_the_first_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``localhost`` is often ::1 first, with a server on 127.0.0.1 only."""
    tried: list[str] = []

    async def resolved(*_: object) -> list[str]:
        return ["169.254.1.1", "127.0.0.2", "127.0.0.3"]

    async def connect(_: object, host: str, *__: object) -> str:
        tried.append(host)
        if host == "127.0.0.2":
            raise httpcore.ConnectError
        return "stream"

    monkeypatch.setattr("bot.integrations.guarded._resolved", resolved)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    backend = GuardedBackend(private_allowed=True)
    assert await backend.connect_tcp("some.test", 80) == "stream"  # type: ignore[comparison-overlap] # a stand-in
    assert tried == ["127.0.0.2", "127.0.0.3"]
