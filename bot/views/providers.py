"""Providers as people see them: icon and name."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from bot.integrations.api import Descriptor

Faces: TypeAlias = Mapping[str, Descriptor]
"""What is known of each adapter, by slug. One that was uninstalled is missing."""


def faces_of(descriptors: Iterable[Descriptor]) -> Faces:
    """Those of these adapters."""
    return {one.slug: one for one in descriptors}


def tool(faces: Faces, slug: str) -> str:
    """The provider's name."""
    known = faces.get(slug)
    return slug if known is None else known.name


def face(faces: Faces, slug: str) -> str:
    """The provider's icon and name."""
    known = faces.get(slug)
    return slug if known is None else f"{known.icon} {known.name}"
