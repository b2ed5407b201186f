"""An API's published description, held against what passes between an adapter and its stand-in.

Without a description the same tests run, with nobody but us to judge the stand-ins: see ``specs``.
"""

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.http_server import Say, Seen
from tests.providers import specs

_Told: TypeAlias = tuple[object, ...]
Judged: TypeAlias = dict[tuple[str, str, str, str, _Told], tuple[str, ...]]

_WHERE = {"host", "date"}
"""Headers that tell where and when: HTTP's own, of which no description says anything."""


class Judge(Protocol):
    """What knows right from wrong about an API."""

    def violations(self, seen: Seen, say: Say) -> list[str]:
        """What is wrong with a request or its answer."""
        ...


@dataclass(frozen=True)
class KnownError:
    """Where a description is wrong about its own API, and how that is known."""

    where: str
    """Method and path template, as in the description."""
    words: str
    """A part of what the validator says: of one value, not of all that is wrong."""
    reason: str


@dataclass(frozen=True)
class Description:
    """One OpenAPI document."""

    file: str
    api: OpenAPI = field(repr=False)
    server: str
    """Where the document says that the API lives."""
    base_path: str = ""
    known_errors: tuple[KnownError, ...] = ()
    outside: tuple[str, ...] = ()
    """Beginnings of paths that the document does not describe."""
    seen_as: Callable[[Seen], Seen] = lambda seen: seen
    """A request as the document knows it, where there are documented ways that it leaves out."""
    judged: "Judged" = field(default_factory=dict, repr=False, compare=False)
    """What was said before, of equal requests and equal answers."""

    def violations(self, seen: Seen, say: Say) -> list[str]:
        """What is wrong with a request or its answer, as far as the document can tell."""
        if seen.path.startswith(self.outside):
            return []
        seen = self.seen_as(seen)
        request, response = _Request(self, seen), _Response(say)
        found = [
            *self._once(
                seen,
                "request",
                lambda: self.api.iter_request_errors(request),
                request.told(),
            ),
            *self._once(
                seen,
                "response",
                lambda: self.api.iter_response_errors(request, response),
                response.told(),
            ),
        ]
        return [said for said in found if not self._is_known(said)]

    def _once(
        self, seen: Seen, part: str, judge: Callable[[], Iterable[Exception]], told: "_Told"
    ) -> tuple[str, ...]:
        key = (self.base_path, seen.method, seen.path, part, told)
        if key not in self.judged:
            with warnings.catch_warnings():
                # OpenAPI advises against a word that Asana's description has once.
                warnings.filterwarnings("ignore", "Use of allowEmptyValue", DeprecationWarning)
                self.judged[key] = tuple(self._said(seen, part, judge()))
        return self.judged[key]

    def _said(self, seen: Seen, part: str, errors: Iterable[Exception]) -> Iterator[str]:
        for error in errors:
            wrong = getattr(error.__cause__, "schema_errors", ())
            for told in [f"{one.json_path}: {one.message}" for one in wrong] or [str(error)]:
                yield f"{seen.method} {seen.path} {part}: {told}"

    def _is_known(self, said: str) -> bool:
        return any(one.words in said and _fits(one.where, said) for one in self.known_errors)


def described(
    file: str,
    *,
    known_errors: Iterable[KnownError] = (),
    outside: Iterable[str] = (),
    base_path: str = "",
    seen_as: Callable[[Seen], Seen] = lambda seen: seen,
) -> Description | None:
    """The description in this file; None where no folder is named that holds it.

    Args:
        file: Its name in the folder.
        known_errors: Where it is wrong, each with the reason.
        outside: Beginnings of paths it does not describe.
        base_path: What the stand-in's paths begin with and the document's do not.
        seen_as: A request as the document knows it, where it leaves a documented way out.
    """
    there = specs.found(file)
    if there is None:
        return None
    api, server, judged = _read(there)
    known, beyond = tuple(known_errors), tuple(outside)
    return Description(file, api, server, base_path, known, beyond, seen_as, judged)


@cache
def _read(path: Path) -> tuple[OpenAPI, str, Judged]:
    """Reads a document once a process; that it is a sound one is its vendor's affair."""
    text = path.read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text) if path.suffix == ".json" else _yaml(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about kinds of authorisation it does not know
        unjudged = Config(spec_validator_cls=None)  # type: ignore[arg-type] # None is its "off"
        api = OpenAPI.from_dict(dict(document), config=unjudged)
    return api, str(document["servers"][0]["url"]), {}


def _yaml(text: str) -> Any:  # noqa: ANN401 - as in JSON
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    document = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe
    return json.loads(json.dumps(document, default=str))  # in YAML a status is a number


def _fits(where: str, said: str) -> bool:
    method, _, template = where.partition(" ")
    said_method, path, *_ = said.split(" ")
    wanted, found = template.split("/"), path.split("/")
    return (
        said_method == method
        and len(wanted) == len(found)
        and all(w == f or w.startswith("{") for w, f in zip(wanted, found, strict=True))
    )


class _Request:
    """A request as openapi-core reads one."""

    def __init__(self, description: Description, seen: Seen) -> None:
        server = urlsplit(description.server)
        self.host_url = f"{server.scheme}://{server.netloc}"
        self.path = server.path.rstrip("/") + seen.path.removeprefix(description.base_path)
        self.method = seen.method.lower()
        self.content_type = seen.headers.get("content-type", "")
        self.body = seen.content or None
        pairs = [(name, value) for name, values in seen.values.items() for value in values]
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(pairs), header=Headers(list(seen.headers.items()))
        )
        self._pairs, self._headers = tuple(pairs), _beside_where(seen.headers)

    def told(self) -> _Told:
        """Everything that a judgement of it depends on."""
        return (self._pairs, self._headers, sha256(self.body or b"").digest())


class _Response:
    """An answer as openapi-core reads one."""

    def __init__(self, say: Say) -> None:
        is_text = isinstance(say.body, str)
        self.status_code = say.status
        self.data = (say.body if isinstance(say.body, str) else json.dumps(say.body)).encode()
        self.content_type = "text/html" if is_text else "application/json"
        self.headers = Headers(list(say.headers.items()))

    def told(self) -> _Told:
        """Everything that a judgement of it depends on, beside the request's method and path."""
        headers = _beside_where(dict(self.headers))
        return (self.status_code, self.content_type, headers, sha256(self.data).digest())


def _beside_where(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(one for one in headers.items() if one[0].lower() not in _WHERE))
