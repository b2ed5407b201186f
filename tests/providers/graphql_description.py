"""A GraphQL API's published schema, held against what passes between an adapter and its stand-in.

``graphql-core`` judges both. A request is validated as a server would do it, and may use nothing
that is deprecated. An answer is given to the executor as the world that its own request is asked
of: what the executor then says has to be the answer itself, so each value is of its promised type,
nothing is missing, nothing is there that was not asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    build_ast_schema,
    execute_sync,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.values import get_variable_values

from tests.http_server import Say, Seen
from tests.providers import specs

_OK = 200
_RULES = (*specified_rules, NoDeprecatedCustomRule)


@dataclass(frozen=True)
class GraphQLDescription:
    """One schema, for the requests to one path."""

    schema: GraphQLSchema = field(repr=False)
    path: str
    _documents: dict[str, DocumentNode] = field(default_factory=dict, repr=False)
    """Texts that are known to be right; an adapter has few, and asks them often."""

    def violations(self, seen: Seen, say: Say) -> list[str]:
        """What is wrong with a request or its answer, as far as the schema can tell."""
        if seen.path != self.path:
            return []
        asked = seen.body if isinstance(seen.body, Mapping) else {}
        named = asked.get("operationName")
        text = str(asked.get("query", ""))
        try:
            document = self._documents.get(text) or parse(text, no_location=True)
        except GraphQLError as error:
            return [f"request: {error.message}"]
        wrong = [f"request: {told}" for told in self._about_request(document, asked)]
        if not wrong:
            self._documents[text] = document
        if not wrong and say.status == _OK:
            wrong = [f"response: {told}" for told in self._about_answer(document, asked, say.body)]
        return [f"{named or document_name(document)} {told}" for told in wrong]

    def _about_request(self, document: DocumentNode, asked: Mapping[str, Any]) -> Iterator[str]:
        is_known = any(document is one for one in self._documents.values())
        errors = [] if is_known else validate(self.schema, document, _RULES)
        yield from (error.message for error in errors)
        operation = get_operation_ast(document, asked.get("operationName"))
        if operation is None:
            yield "which operation?"
        elif not errors:
            given = asked.get("variables") or {}
            coerced = get_variable_values(self.schema, operation.variable_definitions or (), given)
            if isinstance(coerced, list):
                yield from (error.message for error in coerced)

    def _about_answer(
        self, document: DocumentNode, asked: Mapping[str, Any], body: object
    ) -> Iterator[str]:
        if not isinstance(body, Mapping) or not body.keys() & {"data", "errors"}:
            yield "neither data nor errors"
            return
        errors = body.get("errors", [])
        if not all(isinstance(one, Mapping) and "message" in one for one in errors):
            yield "an error without a message"
        data = body.get("data")
        if data is None:
            if not errors:
                yield "no data, and no error that says why"
            return
        judged = execute_sync(
            self.schema,
            document,
            root_value=data,
            variable_values=asked.get("variables"),
            operation_name=asked.get("operationName"),
            field_resolver=_as_told,
            type_resolver=_as_named,
        )
        for error in judged.errors or ():
            yield f"{_place(error.path or ())}: {error.message}"
        if not judged.errors:
            yield from _differences(judged.data, data, ())


def described_by_schema(file: str, *, path: str) -> GraphQLDescription | None:
    """The schema in this file; None where no folder is named that holds it.

    Args:
        file: Its name in the folder.
        path: Where the stand-in takes queries.
    """
    there = specs.found(file)
    return None if there is None else GraphQLDescription(_read(there), path)


def document_name(document: DocumentNode) -> str:
    """What a document calls its one operation."""
    operation = get_operation_ast(document)
    return operation.name.value if operation and operation.name else "request"


@cache
def _read(path: Path) -> GraphQLSchema:
    """Reads a schema once a process; that it is a sound one is its vendor's affair."""
    document = parse(path.read_text(encoding="utf-8"), no_location=True)
    return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)


def _as_told(source: Any, info: GraphQLResolveInfo[Any], **_: object) -> object:  # noqa: ANN401
    if info.path.key not in source:
        raise GraphQLError("it was asked for, and is not there")
    return source[info.path.key]


def _as_named(
    value: Any,  # noqa: ANN401 - any object of the answer
    _: GraphQLResolveInfo[Any],
    abstract: GraphQLAbstractType,
) -> str:
    named = value.get("__typename") if isinstance(value, Mapping) else None
    if not isinstance(named, str):
        raise GraphQLError(f"which {abstract.name}? Ask for its __typename")
    return named


def _differences(judged: object, told: object, place: tuple[str | int, ...]) -> Iterator[str]:
    if isinstance(judged, dict) and isinstance(told, Mapping):
        for name in sorted(told.keys() - judged.keys()):
            yield f"{_place((*place, name))}: nobody asked for it"
        for name in judged:
            yield from _differences(judged[name], told[name], (*place, name))
    elif isinstance(judged, list) and isinstance(told, list):
        for number, (one, other) in enumerate(zip(judged, told, strict=True)):
            yield from _differences(one, other, (*place, number))
    elif judged != told or type(judged) is not type(told):
        yield f"{_place(place)}: {told!r} would be {judged!r}"


def _place(path: Any) -> str:  # noqa: ANN401 - a list or a tuple of steps
    return ".".join(map(str, path)) or "the answer"
