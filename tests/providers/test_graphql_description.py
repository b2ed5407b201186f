"""A stand-in that departs from a published schema is found out, and so is an adapter."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import build_schema

from tests.http_server import Say, Seen
from tests.providers import specs
from tests.providers.description import described
from tests.providers.graphql_description import GraphQLDescription, described_by_schema

SHELF = GraphQLDescription(
    build_schema(
        """
        type Query { book(id: ID!): Book, thing: Thing, books(first: Int!): [Book!]! }
        union Thing = Book | Pen
        type Book { id: ID!, title: String!, state: State!, pages: Int, was: Int @deprecated }
        type Pen { colour: String }
        enum State { READ UNREAD }
        """
    ),
    "/graphql",
)
QUERY = "query Book($id: ID!) { book(id: $id) { id title state pages } }"
BOOK = {"id": "1", "title": "Emma", "state": "READ", "pages": None}


def asked(query: str, variables: Mapping[str, Any] | None = None, path: str = "/graphql") -> Seen:
    """A request."""
    body = {"query": query, "variables": variables or {}}
    content = json.dumps(body).encode()
    return Seen("POST", path, {}, {}, body, {}, content=content, target=path)


def judged(say: Say, query: str = QUERY, variables: Mapping[str, Any] | None = None) -> list[str]:
    """What the schema says of an exchange."""
    given = {"id": "1"} if variables is None else variables
    return SHELF.violations(asked(query, given), say)


@pytest.mark.parametrize(
    "say",
    [
        Say(body={"data": {"book": BOOK}}),
        Say(body={"data": {"book": None}, "errors": [{"message": "No such book."}]}),
        Say(body={"errors": [{"message": "Too many."}]}),
        Say(502, "<html>"),
    ],
    ids=["whole", "partial", "refused", "broken"],
)
def test_right_exchange_has_no_violation(say: Say) -> None:
    """What the schema promises passes, errors in its form too."""
    assert judged(say) == []


@pytest.mark.parametrize(
    ("query", "variables", "words"),
    [
        ("query Book($id: ID!) { book(id: $id) { id shoe } }", {"id": "1"}, "shoe"),
        (QUERY, {}, "$id"),
        ("query Book { books(first: $n) { id } }", {}, "$n"),
        ("query Book { book(id: 1) { was } }", {}, "deprecated"),
        ("query Book {", {}, "Syntax"),
        ("", {}, "Syntax"),
    ],
    ids=["field", "variable", "undeclared", "deprecated", "syntax", "nothing"],
)
def test_request_that_the_schema_does_not_know_is_a_violation(
    query: str, variables: Mapping[str, Any], words: str
) -> None:
    """A slip in the adapter does not go unnoticed because the stand-in shares it."""
    (found, *_) = judged(Say(body={"data": {}}), query, variables)
    assert words in found
    assert "request" in found


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "neither data nor errors"),
        ({"data": None}, "no error that says why"),
        ({"data": None, "errors": [{}]}, "without a message"),
        ({"data": {"book": {**BOOK, "title": None}}}, "book.title"),
        ({"data": {"book": {**BOOK, "state": "LOST"}}}, "LOST"),
        ({"data": {"book": {**BOOK, "pages": "many"}}}, "pages"),
        ({"data": {"book": {**BOOK, "id": 1}}}, "book.id: 1 would be '1'"),
        ({"data": {"book": {**BOOK, "shoe": 42}}}, "book.shoe: nobody asked"),
        ({"data": {"book": {"id": "1"}}}, "book.title: it was asked for"),
        ({"data": {"book": [BOOK]}}, "book"),
    ],
    ids=["empty", "null", "mute", "nonnull", "enum", "type", "id", "more", "less", "list"],
)
def test_answer_that_the_schema_does_not_promise_is_a_violation(body: object, words: str) -> None:
    """A slip in the stand-in is found where it stands."""
    found = judged(Say(body=body))
    assert found
    assert words in found[0]
    assert "response" in found[0]


def test_value_of_several_kinds_says_which() -> None:
    """Otherwise nobody could tell whether it is as promised."""
    query = "query Thing { thing { __typename ... on Pen { colour } } }"
    right = {"data": {"thing": {"__typename": "Pen", "colour": "red"}}}
    assert judged(Say(body=right), query, {}) == []
    silent = "query Thing { thing { ... on Pen { colour } } }"
    (found,) = judged(Say(body={"data": {"thing": {"colour": "red"}}}), silent, {})
    assert "Ask for its __typename" in found


def test_other_paths_are_not_judged() -> None:
    """A vendor's REST API is another document's affair."""
    assert SHELF.violations(asked("", path="/rest"), Say()) == []


@pytest.mark.specs("linear-schema.graphql")
def test_published_schema_is_read() -> None:
    """A real one, as its vendor published it."""
    linear = described_by_schema("linear-schema.graphql", path="/graphql")
    assert linear is not None
    said = Say(body={"data": {"viewer": {"id": "1"}}})
    assert linear.violations(asked("query Me { viewer { id } }"), said) == []
    assert linear.violations(asked("query Me { viewer { id shoe } }"), said) != []


def test_descriptions_are_looked_for_in_every_folder_named(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that nobody has is left out, or a failure where everything is required."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    (second / "shelf.graphql").write_text("type Query { me: String }", encoding="utf-8")
    monkeypatch.setenv(specs.VARIABLE, f"{first}:{second}:/nowhere")
    monkeypatch.delenv("HOURLINK_REQUIRE_ALL", raising=False)
    assert specs.found("shelf.graphql") == second / "shelf.graphql"
    assert specs.missing("shelf.graphql") is None
    assert "other.json" in str(specs.missing("shelf.graphql", "other.json"))
    assert described("other.json") is None
    assert described_by_schema("other.graphql", path="/graphql") is None
    monkeypatch.setenv("HOURLINK_REQUIRE_ALL", "1")
    with pytest.raises(FileNotFoundError, match=r"other\.json is in no folder"):
        described("other.json")
    monkeypatch.delenv(specs.VARIABLE)
    assert "set HOURLINK_SPECS" in str(specs.missing())
