"""Compares what an adapter's class declares with what it has."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.integrations.api import (
    PROTOCOLS,
    Capability,
    CredentialField,
    Descriptor,
    FieldKind,
)
from bot.integrations.oauth import KEPT, OAuth

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SLUG_LENGTH = 32
_ICON = re.compile(r":[a-z0-9_+\-]+:")
_FIELD = re.compile(r"[a-z][a-z0-9_]*")

_CALLS: dict[str, tuple[str, ...]] = {
    "check": (),
    "project": ("external_id",),
    "task": ("external_id",),
    "account": ("external_id",),
}
_LISTINGS: dict[str, tuple[str, ...]] = {
    "projects": ("cursor",),
    "tasks": ("project_id", "since", "cursor"),
    "accounts": ("cursor",),
}


def disagreements(candidate: object) -> tuple[str, ...]:
    """Everything about a class that breaks the contract, as sentences; empty when it is sound."""
    if not inspect.isclass(candidate):
        return ("It is not a class.",)
    descriptor = getattr(candidate, "descriptor", None)
    if not isinstance(descriptor, Descriptor):
        return ("It has no descriptor.",)
    return (
        *_about_descriptor(descriptor),
        *_about_fields(descriptor.credentials),
        *_about_own_fields(descriptor),
        *_about_oauth(descriptor),
        *_about_methods(candidate),
        *_about_capabilities(candidate, descriptor.capabilities),
    )


def _about_descriptor(descriptor: Descriptor) -> Iterator[str]:
    slug = descriptor.slug
    if not _SLUG.fullmatch(slug) or len(slug) > _SLUG_LENGTH:
        yield f"Its slug {slug!r} is not lower-case words and hyphens, at most {_SLUG_LENGTH} long."
    if not descriptor.name.strip():
        yield "It has no name."
    if not _ICON.fullmatch(descriptor.icon):
        yield f"Its icon {descriptor.icon!r} is not an emoji name between colons."
    flags: Iterable[object] = descriptor.capabilities  # a stranger's package may not be typed
    declared = set(flags)
    if Capability.HOOK_SETUP in declared and Capability.HOOKS not in declared:
        yield "It sets up webhooks and does not hear them."
    if Capability.ESTIMATES in declared and Capability.TIME not in declared:
        yield "It reduces estimates and takes no time."
    if (Capability.HOOKS in declared) != bool(descriptor.hook_steps.strip()):
        yield "Its hook_steps belong to webhooks, and webhooks to its hook_steps."
    if not descriptor.hooks_by_hand and Capability.HOOK_SETUP not in declared:
        yield "Its webhooks can be set up neither by a person nor by Hourlink."
    strange = [flag for flag in flags if not isinstance(flag, Capability)]
    if strange:
        yield f"It declares capabilities nobody knows: {strange!r}."


def _about_fields(fields: tuple[CredentialField, ...]) -> Iterator[str]:
    if not fields:
        yield "It asks for no credentials, so two integrations could not be told apart."
    yield from _about_each_field(fields)


def _about_own_fields(descriptor: Descriptor) -> Iterator[str]:
    """People's own credentials take the place of the integration's, its secrets above all."""
    own = {field.name for field in descriptor.own_credentials}
    if not own:
        return
    yield from _about_each_field(descriptor.own_credentials)
    known = {field.name: field for field in descriptor.credentials}
    for name in sorted(own - known.keys()):
        yield f"People are asked for {name!r}, which is no credential of an integration."
    for field in known.values():
        secret = field.kind is FieldKind.SECRET
        if secret and not field.optional and field.name not in own:
            yield f"People are not asked for {field.name!r}, so the integration's would be used."


def _about_oauth(descriptor: Descriptor) -> Iterator[str]:
    """The token takes the place of a secret, and is the only one that is needed."""
    oauth = descriptor.oauth
    if oauth is None:
        return
    secrets = {one.name: one for one in descriptor.credentials if one.kind is FieldKind.SECRET}
    if oauth.credential not in secrets:
        yield f"Its OAuth token would take the place of {oauth.credential!r}, which is no secret."
    for name in sorted(KEPT & {one.name for one in descriptor.credentials}):
        yield f"The credential name {name!r} is kept for OAuth."
    for other in secrets.values():
        if other.name != oauth.credential and not other.optional:
            yield f"Signing in gives no {other.name!r}, which is needed."
    yield from _about_oauth_addresses(oauth, descriptor.credentials)


def _about_oauth_addresses(oauth: OAuth, fields: tuple[CredentialField, ...]) -> Iterator[str]:
    """Whole addresses, or paths below the one that somebody fills in."""
    is_below = oauth.below is not None
    for address in (oauth.consent_url, oauth.token_url):
        if is_below and (not address.startswith("/") or address.startswith("//")):
            yield f"Its OAuth address {address!r} is no path below a server's."
        elif not is_below and not address.startswith("https://"):
            yield f"Its OAuth address {address!r} is not one over https."
        if "?" in address or "#" in address:
            yield f"Its OAuth address {address!r} is not a plain one."
    urls = {one.name for one in fields if one.kind is FieldKind.URL}
    if is_below and oauth.below not in urls:
        yield f"Its OAuth addresses are below {oauth.below!r}, which is no address."


def _about_each_field(fields: tuple[CredentialField, ...]) -> Iterator[str]:
    names = [field.name for field in fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"It asks for {name!r} twice."
    for field in fields:
        if not _FIELD.fullmatch(field.name):
            yield f"The credential name {field.name!r} is not lower-case letters and underscores."
        if not field.label.strip():
            yield f"The credential {field.name!r} has no label."
        if field.kind not in frozenset(FieldKind):
            yield f"The credential {field.name!r} has an unknown kind."


def _about_methods(candidate: type) -> Iterator[str]:
    if not hasattr(candidate, "requests"):
        yield "It does not count its requests."
    for name, parameters in _CALLS.items():
        yield from _about_call(candidate, name, parameters)
    for name, parameters in _LISTINGS.items():
        method = getattr(candidate, name, None)
        if not callable(method):
            yield f"It has no method {name}."
        elif inspect.iscoroutinefunction(method):
            yield f"{name} is awaited; it has to be an async generator of pages."
        else:
            yield from _about_parameters(name, method, parameters)


def _about_call(candidate: type, name: str, parameters: tuple[str, ...]) -> Iterator[str]:
    method = getattr(candidate, name, None)
    if not callable(method):
        yield f"It has no method {name}."
    elif not inspect.iscoroutinefunction(method):
        yield f"{name} is not an async method."
    else:
        yield from _about_parameters(name, method, parameters)


def _about_parameters(
    name: str, method: Callable[..., Any], parameters: tuple[str, ...]
) -> Iterator[str]:
    taken = inspect.signature(method).parameters
    missing = [parameter for parameter in parameters if parameter not in taken]
    if missing:
        yield f"{name} does not take {', '.join(missing)}."


def _about_capabilities(candidate: type, declared: frozenset[Capability]) -> Iterator[str]:
    for capability, protocol in PROTOCOLS.items():
        for name in _promised(protocol):
            method = getattr(candidate, name, None)
            has_it = method is not None and method is not getattr(protocol, name)
            if capability in declared and not has_it:
                yield f"It declares {capability.value} but has no {name}."
            elif capability in declared:
                yield from _about_promise(candidate, name, protocol)
            elif has_it:
                yield f"It has {name} but does not declare {capability.value}."


def _about_promise(candidate: type, name: str, protocol: type) -> Iterator[str]:
    model = inspect.getattr_static(protocol, name)
    if not isinstance(model, staticmethod):
        expected = tuple(inspect.signature(getattr(protocol, name)).parameters)[1:]
        yield from _about_call(candidate, name, expected)
    elif not isinstance(inspect.getattr_static(candidate, name), staticmethod):
        yield f"{name} is not a static method."
    else:
        parameters = tuple(inspect.signature(model.__func__).parameters)
        yield from _about_parameters(name, getattr(candidate, name), parameters)


def _promised(protocol: type) -> list[str]:
    return [name for name in vars(protocol) if not name.startswith("_")]
