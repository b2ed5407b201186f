"""Addresses as people type them, and the machines behind them."""

import socket

import pytest
from aiohttp import ClientConnectorError, ThreadedResolver
from aiohttp.abc import ResolveResult
from yarl import URL

from bot.integrations.addresses import AddressRefused, may_connect, normalised_url
from bot.integrations.connections import Connections, Request
from bot.integrations.errors import ProviderRefused
from bot.integrations.trust import caused_by
from tests.http_server import Say, in_turn, serving


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


async def test_a_second_address_is_tried_when_the_first_may_not_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name may lead to several machines; one that is refused hides none of the others."""

    async def resolved(_: object, host: str, port: int = 0, **__: object) -> list[ResolveResult]:
        both = ["169.254.1.1", "127.0.0.1"]
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in both
        ]

    monkeypatch.setattr(ThreadedResolver, "resolve", resolved)
    connections = Connections(private_allowed=True, ca_file=None, trust_env=False)
    async with serving(in_turn(Say(body={"ok": 1}))) as server:
        url = URL(server.url.replace("127.0.0.1", "some.test"))
        async with connections.send(Request("GET", url, {})) as response:
            assert response.status == 200
    await connections.aclose()


@pytest.mark.parametrize("url", ["http://169.254.169.254", "http://[fe80::1]"])
async def test_an_address_is_looked_at_though_no_name_led_there(url: str) -> None:
    """Cloud metadata is not asked, however it is written."""
    connections = Connections(private_allowed=True, ca_file=None, trust_env=False)
    with pytest.raises(ClientConnectorError) as caught:
        async with connections.send(Request("GET", URL(url), {})):
            pass
    assert caused_by(caught.value, AddressRefused)
    await connections.aclose()


@pytest.mark.parametrize(
    ("url", "is_sent_there"),
    [
        ("http://provider.test", True),
        ("http://acme.test", False),
        ("http://redmine.acme.test", False),
        ("http://notacme.test", True),
        ("http://10.0.0.8", False),
        ("http://other.test:8080", False),
        ("http://other.test:8081", True),
        ("http://localhost:3000", False),
    ],
)
def test_a_proxy_is_not_asked_for_what_the_environment_excepts(
    monkeypatch: pytest.MonkeyPatch, url: str, *, is_sent_there: bool
) -> None:
    """What is inside is reached from inside, with all hosts below the ones that are named."""
    monkeypatch.setenv("http_proxy", "proxy.test:3128")
    monkeypatch.setenv("no_proxy", "acme.test, 10.0.0.8,.inner.test,other.test:8080")
    connections = Connections(private_allowed=True, ca_file=None, trust_env=True)
    expected = "http://proxy.test:3128" if is_sent_there else None
    assert connections.proxy(URL(url)) == expected
