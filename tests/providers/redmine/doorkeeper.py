"""Redmine's sign-in, as Doorkeeper 5.8.2 behaves with Redmine 6.1's settings of it.

Source: Doorkeeper's own code, tag v5.8.2: ``oauth/pre_authorization.rb`` (what an application may
ask for), ``oauth/authorization_code_request.rb`` and ``oauth/refresh_token_request.rb`` (what is
exchanged, and in which order it is refused), ``oauth/error_response.rb`` (statuses),
``models/access_token_mixin.rb`` (when an old token ends), and Redmine's
``config/initializers/30-redmine.rb``, tag 6.1.0. No Redmine 6.1 has been asked.
"""

import base64
import hashlib
import html
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.http_server import Say, Seen

CODE_LASTS = timedelta(minutes=10)
TOKEN_LASTS = timedelta(hours=2)

PUBLIC = frozenset({"view_project", "search_project", "view_members"})
"""What every application may ask for (``Oauth2ApplicationsController#application_params``)."""

HTTP_ALLOWED = frozenset({"localhost", "127.0.0.1", "web"})

_UNAUTHORIZED = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True)
class Application:
    """One that an administrator registered."""

    uid: str
    secret: str
    redirect_uri: str
    scopes: frozenset[str]


@dataclass
class Grant:
    """A code, for ten minutes and once."""

    application: Application
    owner: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    method: str
    made_at: datetime
    is_revoked: bool = False


@dataclass
class Token:
    """An access token, and what renews it: one record, which ends as a whole."""

    application: Application
    owner: str
    scopes: tuple[str, ...]
    refresh: str
    made_at: datetime
    previous: "Token | None" = None
    is_revoked: bool = False


class _Wrong(Exception):
    """An error of RFC 6749, by its name."""


class Doorkeeper:
    """Applications, codes and tokens of one Redmine."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._numbers = count(1)
        self.applications: dict[str, Application] = {}
        self.grants: dict[str, Grant] = {}
        self.tokens: dict[str, Token] = {}
        self.whose = "1"
        """The person who is signed in in the browser."""
        self.secrets_shown: list[str] = []
        """Every client secret that anybody has sent."""

    def register(self, redirect_uri: str, scopes: Collection[str]) -> Application:
        """An administrator makes an application: Administration, Applications.

        The address to come back to has to be encrypted, but for some on one's own machine.
        """
        parts = urlsplit(redirect_uri)
        assert not parts.fragment
        assert parts.scheme == "https" or parts.hostname in HTTP_ALLOWED, "secured_uri"
        number = next(self._numbers)
        made = Application(
            f"uid-{number}", f"s3cret-of-{number}", redirect_uri, PUBLIC | frozenset(scopes)
        )
        self.applications[made.uid] = made
        return made

    # The page

    def page(self, seen: Seen) -> Say:
        """``GET /oauth/authorize``: the question, or an error that nobody is sent back with."""
        try:
            self._asked(seen.query)
        except _Wrong as wrong:
            return _error_page(str(wrong))
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in seen.query.items()
        )
        return Say(body=f'<h2>Authorization required</h2><form method="post">{fields}</form>')

    def decide(self, seen: Seen) -> Say:
        """``POST`` (*Authorize*) or ``DELETE`` (*Deny*): back to whoever asked."""
        form = _form(seen)
        try:
            application = self._asked(form)
        except _Wrong as wrong:
            return _error_page(str(wrong))
        if form.get("_method") == "delete":
            return _redirect(form, {"error": "access_denied"})
        code = f"code-{next(self._numbers)}"
        self.grants[code] = Grant(
            application=application,
            owner=self.whose,
            redirect_uri=form["redirect_uri"],
            scopes=tuple(form["scope"].split()),
            challenge=form.get("code_challenge", ""),
            method=form.get("code_challenge_method", ""),
            made_at=self._clock(),
        )
        return _redirect(form, {"code": code})

    def _asked(self, query: Mapping[str, str]) -> Application:
        """``PreAuthorization``: its checks, in its order."""
        if not query.get("client_id"):
            raise _Wrong("invalid_request")
        application = self.applications.get(query["client_id"])
        if application is None:
            raise _Wrong("invalid_client")
        if not _matches(query.get("redirect_uri", ""), application.redirect_uri):
            raise _Wrong("invalid_redirect_uri")
        if not query.get("response_type"):
            raise _Wrong("invalid_request")
        if query["response_type"] != "code":
            raise _Wrong("unsupported_response_type")
        # Without any scope Redmine takes the public permissions; with one, only what is named.
        if not set(query.get("scope", "").split()) <= application.scopes:
            raise _Wrong("invalid_scope")
        if query.get("code_challenge") and query.get("code_challenge_method") not in {
            "plain",
            "S256",
        }:
            raise _Wrong("invalid_code_challenge_method")
        return application

    # Exchanging

    def exchange(self, seen: Seen) -> Say:
        """``POST /oauth/token``."""
        form = _form(seen)
        self.secrets_shown.append(form.get("client_secret", ""))
        known = self.applications.get(form.get("client_id", ""))
        client = known if known and known.secret == form.get("client_secret") else None
        try:
            token = self._granted(form, client)
        except _Wrong as wrong:
            name = str(wrong)
            return Say(_status(name), {"error": name, "error_description": "..."})
        access = f"access-{next(self._numbers)}"
        self.tokens[access] = token
        return Say(
            body={
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": int(TOKEN_LASTS.total_seconds()),
                "refresh_token": token.refresh,
                "scope": " ".join(token.scopes),
                "created_at": int(token.made_at.timestamp()),
            },
            headers={"Cache-Control": "no-store, no-cache"},
        )

    def _granted(self, form: Mapping[str, str], client: Application | None) -> Token:
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form, client)
            case "refresh_token":
                return self._by_refresh(form, client)
            case None | "":
                raise _Wrong("invalid_request")
            case _:
                raise _Wrong("unsupported_grant_type")

    def _by_code(self, form: Mapping[str, str], client: Application | None) -> Token:
        """``AuthorizationCodeRequest``: params, client, grant, redirect_uri, code_verifier."""
        grant = self.grants.get(form.get("code", ""))
        verifier = form.get("code_verifier", "")
        if (grant and grant.challenge and not verifier) or not form.get("redirect_uri"):
            raise _Wrong("invalid_request")
        if client is None:
            raise _Wrong("invalid_client")
        if grant is None or grant.application != client or grant.is_revoked:
            raise _Wrong("invalid_grant")
        if self._clock() >= grant.made_at + CODE_LASTS:
            raise _Wrong("invalid_grant")
        if not _matches(form["redirect_uri"], grant.redirect_uri):
            raise _Wrong("invalid_grant")
        if (_challenge(verifier) if grant.method == "S256" else verifier) != grant.challenge:
            raise _Wrong("invalid_grant")
        grant.is_revoked = True
        return self._token(client, grant.owner, grant.scopes)

    def _by_refresh(self, form: Mapping[str, str], client: Application | None) -> Token:
        """``RefreshTokenRequest``. The old one ends when the new one is first used, not now."""
        wanted = form.get("refresh_token", "")
        if not wanted:
            raise _Wrong("invalid_request")
        old = next((one for one in self.tokens.values() if one.refresh == wanted), None)
        if old is None or old.is_revoked:
            raise _Wrong("invalid_grant")
        if client is None:
            raise _Wrong("invalid_client")
        if old.application != client:
            raise _Wrong("invalid_grant")
        made = self._token(client, old.owner, old.scopes)
        made.previous = old
        return made

    def _token(self, application: Application, owner: str, scopes: tuple[str, ...]) -> Token:
        refresh = f"refresh-{next(self._numbers)}"
        return Token(application, owner, scopes, refresh, self._clock())

    # Using

    def opened(self, access: str) -> Token | None:
        """``Doorkeeper.authenticate``: whose token it is; None where it opens nothing."""
        token = self.tokens.get(access)
        if token is None:
            return None
        if token.previous is not None:
            token.previous.is_revoked = True
            token.previous = None
        is_over = self._clock() >= token.made_at + TOKEN_LASTS
        return None if token.is_revoked or is_over else token

    def revoke(self, owner: str) -> None:
        """Somebody takes it back: My account, Authorized applications."""
        for token in self.tokens.values():
            if token.owner == owner:
                token.is_revoked = True


def _form(seen: Seen) -> dict[str, str]:
    assert seen.headers["content-type"].startswith("application/x-www-form-urlencoded")
    found = parse_qs(seen.content.decode(), keep_blank_values=True)
    return {name: values[-1] for name, values in found.items()}


def _matches(url: str, registered: str) -> bool:
    """``URIChecker``: the same address; its port only counts away from one's own machine."""
    asked, known = urlsplit(url), urlsplit(registered)
    if asked.hostname == known.hostname and known.hostname in {"127.0.0.1", "::1"}:
        return (asked.scheme, asked.path) == (known.scheme, known.path)
    return bool(url) and asked._replace(query="") == known


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _status(name: str) -> int:
    return HTTPStatus.UNAUTHORIZED if name in _UNAUTHORIZED else HTTPStatus.BAD_REQUEST


def _error_page(name: str) -> Say:
    """``handle_auth_errors`` is left at ``:render``: the page stays at Redmine."""
    return Say(_status(name), f"<h2>An error has occurred</h2><p>{name}</p>")


def _redirect(form: Mapping[str, str], told: Mapping[str, str]) -> Say:
    query = urlencode({**told, "state": form.get("state", "")})
    return Say(302, "", {"Location": f"{form['redirect_uri']}?{query}"})
