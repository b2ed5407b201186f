"""Where the client goes: redirects, hosts, certificates, private addresses and proxies."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.integrations.client import HttpPool
from bot.integrations.errors import (
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from tests.http_server import HttpServer, Say, in_turn, serving
from tests.integrations.client_desk import NOW, Naps, client_of
from tests.ports import free_port


async def test_redirects_stay_on_their_host(pool: HttpPool) -> None:
    """The key never reaches another host, port or scheme; the person learns where it pointed."""
    async with serving(in_turn(Say(body={"stolen": 1}))) as thief:
        away = Say(302, headers={"Location": f"{thief.url}/x?token=abc"})
        async with serving(in_turn(away)) as server:
            with pytest.raises(ProviderRefused) as caught:
                await client_of(pool, server).get_json("x")
        assert thief.seen == []
        assert thief.url in caught.value.reason
        assert "abc" not in f"{caught.value!r}"


async def test_redirects_on_the_same_host_are_followed_for_reads_only(pool: HttpPool) -> None:
    """A moved resource is found; a moved write is refused, not sent twice."""
    here = Say(301, headers={"Location": "/new"})
    async with serving(lambda seen: Say(body={"ok": 1}) if seen.path == "/new" else here) as server:
        assert await client_of(pool, server).get_json("old") == {"ok": 1}
        with pytest.raises(ProviderRefused):
            await client_of(pool, server).post_json("old", {})


async def test_redirects_in_a_circle_end(pool: HttpPool) -> None:
    """Three hops are enough for anybody."""
    async with serving(in_turn(Say(302, headers={"Location": "/x"}))) as server:
        with pytest.raises(ProviderSurprised, match="too many redirects"):
            await client_of(pool, server).get_json("x")


async def test_a_next_page_on_another_host_is_not_asked(pool: HttpPool) -> None:
    """A Link header is the provider's text; the key goes only where the person sent it."""
    async with serving(in_turn(Say(body=[1]))) as server:
        client = client_of(pool, server)
        assert await client.get_json_list(f"{server.url}/page?after=2", {"n": 1}) == [1]
        assert server.seen[0].query == {"after": "2", "n": "1"}
        with pytest.raises(ProviderSurprised):
            await client.get(f"http://127.0.0.1:{free_port()}/page")


async def test_a_host_with_letters_of_any_alphabet_is_one_host(pool: HttpPool) -> None:
    """Its ASCII form is what travels, and a next page may name either."""
    client = client_of(pool, "https://büro.invalid/pm")
    with pytest.raises(ProviderUnavailable):
        await client.get("https://xn--bro-hoa.invalid/pm/page")
    for odd in ("https://[bad", "https://a\x00b"):
        with pytest.raises(ProviderSurprised):
            await client.get(odd)


@pytest.mark.parametrize("url", ["https://a..b", "https://xn--\udc80", "https://" + "ü" * 300])
async def test_an_impossible_host_is_refused(pool: HttpPool, url: str) -> None:
    """Before anything is sent, or when the name does not resolve; never with a crash."""
    with pytest.raises((ProviderRefused, ProviderUnavailable)):
        await client_of(pool, url).get("x")


async def test_an_unknown_certificate_is_named_and_a_given_authority_is_trusted(
    naps: Naps, tmp_path: Path
) -> None:
    """Self-signed Redmines are common: the admin learns why, and has an option for it."""
    certificate, key = _self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = HttpServer(in_turn(Say(body={"ok": 1})))
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    url = f"https://localhost:{listening.sockets[0].getsockname()[1]}"
    strict = HttpPool(clock=lambda: NOW, sleep=naps)
    trusting = HttpPool(clock=lambda: NOW, sleep=naps, ca_file=certificate)
    try:
        with pytest.raises(ProviderRefused, match="certificate is not trusted"):
            await client_of(strict, url).get_json("x")
        assert await client_of(trusting, url).get_json("x") == {"ok": 1}
    finally:
        listening.close()
        await strict.aclose()
        await trusting.aclose()


def test_a_broken_ca_file_is_named(naps: Naps, tmp_path: Path) -> None:
    """The operator mistyped the option: the start fails and says which file."""
    broken = tmp_path / "ca.pem"
    broken.write_text("not a certificate")
    for path in (broken, tmp_path / "missing.pem"):
        with pytest.raises(ValueError, match=path.name):
            HttpPool(clock=lambda: NOW, sleep=naps, ca_file=path)


async def test_private_addresses_can_be_refused(naps: Naps) -> None:
    """Where strangers may connect providers, nobody knocks at the inner network."""
    pool = HttpPool(clock=lambda: NOW, sleep=naps, allow_private_addresses=False)
    async with serving(in_turn(Say())) as server:
        for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
            with pytest.raises(ProviderRefused, match="private"):
                await client_of(pool, url).get_json("x")
    assert server.seen == []
    await pool.aclose()


async def test_proxies_of_the_environment_are_used_and_loopback_is_not_sent_there(
    naps: Naps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's only way out is its proxy; what is on this machine needs none."""
    async with serving(in_turn(Say(body={"via": "proxy"}))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        pool = HttpPool(clock=lambda: NOW, sleep=naps)
        assert await client_of(pool, "http://provider.test").get_json("x") == {"via": "proxy"}
        async with serving(in_turn(Say(body={"via": "nobody"}))) as server:
            assert await client_of(pool, server).get_json("x") == {"via": "nobody"}
        await pool.aclose()


async def test_what_is_excepted_goes_to_no_proxy(
    naps: Naps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a tool of the company's own; what cannot be read excepts nothing."""
    monkeypatch.setenv("no_proxy", "else.test, ::1, [fe80::1]:80, x:y, 10::/8, [, 127.0.0.2")
    async with serving(in_turn(Say(body={"through": "proxy"}))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        pool = HttpPool(clock=lambda: NOW, sleep=naps)
        assert await client_of(pool, "http://provider.test").get_json("x") == {"through": "proxy"}
        with pytest.raises(ProviderUnavailable):
            await client_of(pool, f"http://127.0.0.2:{free_port()}").get("x")
        await pool.aclose()
    assert len(proxy.seen) == 1


def _self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files
