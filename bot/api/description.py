"""The API described in OpenAPI 3.1, made from the endpoints and shapes themselves."""

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from bot.api.endpoints import BASE, ENDPOINTS, Endpoint
from bot.api.params import Params
from bot.api.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from pydantic import BaseModel

_REFS = "#/components/schemas/{model}"
_REFUSALS = {
    "400": "A parameter cannot be used; `errors` names each.",
    "401": "No token, or one that opens nothing.",
    "403": "You may not read this.",
    "404": "It is about something that is not there, or not to be seen by you.",
    "406": "You take no JSON.",
    "429": "More requests than a token may make; `Retry-After` says how many seconds to wait.",
    "503": "The database is busy; try again in a second.",
}
_WITH_HEADERS = {
    "401": ("WWW-Authenticate", "How to show a token.", {"type": "string"}),
    "429": ("Retry-After", "Seconds to wait.", {"type": "integer"}),
    "503": ("Retry-After", "Seconds to wait.", {"type": "integer"}),
}


@cache
def description() -> str:
    """The whole document as JSON text."""
    models: list[type[BaseModel]] = [*(one.answers for one in ENDPOINTS), Problem]
    _, schemas = models_json_schema([(one, "serialization") for one in models], ref_template=_REFS)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Hourlink",
            "version": "1",
            "description": "Reads what the owner of the token may see in Hourlink. Make a token "
            "in Slack with `/track token`.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": BASE}],
        "security": [{"token": []}],
        "paths": {one.path: {"get": _operation(one)} for one in ENDPOINTS},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that begins with `hlk_`.",
                }
            },
            "responses": {status: _refused(status) for status in _REFUSALS},
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _operation(one: Endpoint) -> dict[str, Any]:
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in _REFUSALS}
    return {
        "operationId": one.path.strip("/").replace("-", "_"),
        "summary": one.summary,
        "description": one.details,
        "parameters": parameters(one.params),
        "responses": {
            "200": {
                "description": one.summary,
                "content": {
                    "application/json": {
                        "schema": {"$ref": _REFS.format(model=one.answers.__name__)}
                    }
                },
            },
            **refused,
        },
    }


def parameters(model: type[Params]) -> list[dict[str, Any]]:
    """Each parameter of a model."""
    schema = model.model_json_schema()
    found = []
    for name, whole in schema.get("properties", {}).items():
        plain = _resolved(_without_null(whole), schema)
        told = {"name": name, "in": "query", "description": plain.pop("description", "")}
        found.append({**told, "schema": {key: plain[key] for key in plain if key != "title"}})
    return found


def _without_null(whole: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter that is left out is not there; no text means null."""
    found = {key: value for key, value in whole.items() if key != "default"}
    if whole.get("default") not in (None, "", []):
        found["default"] = whole["default"]
    if "anyOf" in found:
        (only,) = (one for one in found.pop("anyOf") if one.get("type") != "null")
        found |= only
    return found


def _resolved(found: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in found:
        meant = schema["$defs"][found.pop("$ref").rpartition("/")[2]]
        # The class's own docstring is for who reads the code.
        found |= {key: value for key, value in meant.items() if key != "description"}
    return found


def _refused(status: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": _REFUSALS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REFS.format(model="Problem")}}},
    }
    if status in _WITH_HEADERS:
        name, says, schema = _WITH_HEADERS[status]
        found["headers"] = {name: {"description": says, "schema": schema}}
    return found
