"""Trello's published description, and where it is wrong about Trello."""

from dataclasses import replace

from tests.http_server import Seen
from tests.providers.description import Description, KnownError, described

_BOARDS = "GET /1/members/me/boards"
_FIELDS = (
    "Fields are a list with commas, as the texts about the parameters say; the schemas, which "
    "count them up, take a single one."
)
_BOARD = "GET /1/boards/{id}"
_LEVELS = "The documentation has private, enterprise and public boards too."
_MEMBERSHIPS = "Memberships are objects; the schema says a text."
_NULL = "A board of no workspace has null here."
_REFUSED = "Refusals are plain text, with statuses that the description leaves out."

KNOWN_ERRORS = (
    KnownError("GET /1/members/me", "is not one of ['id", _FIELDS),
    KnownError("GET /1/members/{id}", "is not one of ['id", _FIELDS),
    KnownError(_BOARDS, "is not one of ['id", _FIELDS),
    KnownError("GET /1/boards/{id}/memberships", "is not one of ['id", _FIELDS),
    KnownError("GET /1/tokens/{token}", "is not one of ['identifier", _FIELDS),
    KnownError(_BOARDS, "'me' does not match", "`me` is the token's owner wherever an id is."),
    KnownError(
        "GET /1/members/{id}",
        "is valid under each of",
        "The schema takes an id or any text, and an id is both.",
    ),
    KnownError(_BOARDS, ".idOrganization: None", _NULL),
    KnownError(_BOARD, ".idOrganization: None", _NULL),
    *(
        KnownError(where, f".permissionLevel: '{level}'", _LEVELS)
        for where in (_BOARDS, _BOARD)
        for level in ("private", "enterprise", "public")
    ),
    KnownError(_BOARDS, ".dateLastActivity: '", "It is a moment; the schema says a date."),
    KnownError(_BOARDS, ".memberships: [", _MEMBERSHIPS),
    KnownError(_BOARD, ".memberships: [", _MEMBERSHIPS),
    KnownError(
        "GET /1/boards/{id}/memberships",
        "is not of type 'object'",
        "There is a list of them; the schema describes one.",
    ),
    KnownError(
        "GET /1/cards/{id}",
        "$: False is not of type 'string'",
        "The description's own default of `attachments` is none of the texts it allows.",
    ),
    KnownError(
        "GET /1/cards/{id}",
        "$.cardRole: None",
        "The schema says nullable, and leaves null out of the values it counts up.",
    ),
    KnownError("GET /1/cards/{id}", "$.labels[", "Labels are objects; the schema says ids."),
    *(
        KnownError(f"{method} /1/cards/{{id}}/actions/{{idAction}}/comments", "status: 4", _REFUSED)
        for method in ("PUT", "DELETE")
    ),
    KnownError("POST /1/webhooks/", "http status: 4", _REFUSED),
    KnownError("GET /1/actions/{id}", "http status: 4", _REFUSED),
    KnownError("GET /1/organizations/{id}/memberships", "http status: 4", _REFUSED),
    KnownError("GET /1/members/me", "http status: 4", _REFUSED),
    KnownError("GET /1/members/{id}", "http status: 4", _REFUSED),
    KnownError("GET /1/boards/{id}/cards/all", "http status: 4", _REFUSED),
    KnownError("GET /1/boards/{id}/lists", "http status: 4", _REFUSED),
    KnownError(_BOARD, "mimetype not found", _REFUSED),
    KnownError("GET /1/cards/{id}", "http status: 4", _REFUSED),
)


def published() -> Description | None:
    """Trello's own, as far as it is at hand."""
    return described("trello.json", known_errors=KNOWN_ERRORS, base_path="/1", seen_as=with_query)


def credentials_in(seen: Seen) -> tuple[str, str]:
    """Key and token of an ``Authorization: OAuth`` header; who signed in has a token alone."""
    said = seen.headers.get("authorization", "")
    if said.startswith("Bearer "):
        return "", said.removeprefix("Bearer ")
    said = said.removeprefix("OAuth ")
    found = {}
    for part in said.split(","):
        name, _, value = part.strip().partition("=")
        found[name] = value.strip('"')
    return found.get("oauth_consumer_key", ""), found.get("oauth_token", "")


def with_query(seen: Seen) -> Seen:
    """Key and token where the description knows them; the documentation takes a header too."""
    key, token = credentials_in(seen)
    # It is older than signing in, and wants a key of everybody.
    return replace(seen, values={**seen.values, "key": [key or "0" * 32], "token": [token]})
