"""The pictures that the documents show: taken in the browser tests, and kept small."""

import os
from pathlib import Path

from PIL import Image

COLOURS = 256
"""Enough for a page and the edges of its letters, at a third of the size."""


def keep(taken: Path, folder: str = "HOURLINK_PICTURES") -> None:
    """Copies a screenshot into the folder that this variable names; nothing where it names none."""
    if place := os.environ.get(folder):
        with Image.open(taken) as picture:
            Path(place).mkdir(parents=True, exist_ok=True)
            few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(Path(place) / taken.name, optimize=True)
