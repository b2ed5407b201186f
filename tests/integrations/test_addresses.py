"""Addresses as people type them, and the machines behind them."""

import asyncio
import socket

import pytest

from bot.integrations.addresses import (
    AddressRefused,
    GuardedResolver,
    guarded_socket,
    may_connect,
    normalised_url,
)
from bot.integrations.errors import ProviderRefused


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
        ("0.0.0.0", False, False),  # noqa: S104 - an address that must not be reached
        ("224.0.0.1", False, False),
    ],
)
def test_which_machines_may_be_reached(address: str, *, with_private: bool, without: bool) -> None:
    """Cloud metadata never; the inner network where the operator lets it; disguises see through."""
    assert may_connect(address, private_allowed=True) is with_private
    assert may_connect(address, private_allowed=False) is without


async def test_names_lead_only_where_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the machines behind a name those are tried that may be; with none left it is refused."""
    behind = ["169.254.1.1", "127.0.0.2", "127.0.0.3"]

    async def found(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in behind]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
    resolved = await GuardedResolver(private_allowed=True).resolve("some.test", 80)
    assert [one["host"] for one in resolved] == ["127.0.0.2", "127.0.0.3"]
    with pytest.raises(AddressRefused):
        await GuardedResolver(private_allowed=False).resolve("some.test", 80)


@pytest.mark.parametrize("address", ["169.254.169.254", "127.1", "2130706433", "fe80::1"])
def test_an_address_in_place_of_a_name_is_looked_at_too(address: str) -> None:
    """Where nothing is resolved, as it is about to be connected to."""
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
    with pytest.raises(AddressRefused):
        guarded_socket(info, private_allowed=True)
