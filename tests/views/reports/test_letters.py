"""Letters in pictures: every alphabet that the machine has a font for, and what is done without."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager, get_data_path
from PIL import Image

from bot.views.reports import letters
from bot.views.reports.picture_paper import Paper

Install = Callable[[Path], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Gives a machine without any font; what installs one there."""
    own = [one for one in font_manager.fontManager.ttflist if one.fname.startswith(get_data_path())]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    installed: list[str] = []
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: installed)

    def starts_anew() -> None:
        for kept in (letters._family, letters._own, letters._others):  # noqa: SLF001 - a new process
            kept.cache_clear()

    def install(font: Path) -> None:
        installed.append(str(font))
        starts_anew()

    starts_anew()
    yield install
    starts_anew()


def font_with(letter: str, folder: Path) -> Path:
    """A font that has one letter, a black square."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 900), (900, 900), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000)
    font.setupGlyphOrder([".notdef", "square"])
    font.setupCharacterMap({ord(letter): "square"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": square})
    font.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 100)})
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": "One Letter", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    path = folder / "one-letter.ttf"
    font.save(path)
    return path


def ink(words: str) -> int:
    """How many dots of a picture of words are dark."""
    paper = Paper(200)
    paper.text((100, 100), letters.drawable(words), 80)
    grey = Image.open(io.BytesIO(paper.png())).convert("L")
    return sum(grey.histogram()[:100])


@pytest.mark.usefixtures("install")
def test_what_matplotlib_brings_needs_no_other_font() -> None:
    """Latin, Greek, Cyrillic, Hebrew and Arabic are drawn everywhere."""
    for name in ("Façade", "Ωmega", "Сайт", "שלום", "موقع"):
        assert letters.drawable(name) == name
        assert letters.families(name) == [letters.OWN]


def test_a_font_that_was_installed_later_is_used(install: Install, tmp_path: Path) -> None:
    """Of whatever name: a list that matplotlib keeps from before does not know it."""
    assert letters.drawable("漢 Website") == "? Website"
    install(font_with("漢", tmp_path))
    assert letters.drawable("漢 Website") == "漢 Website"
    assert letters.families("漢 Website") == [letters.OWN, "One Letter"]
    assert letters.families("Website") == [letters.OWN]
    assert ink("漢") > 80 * 80 / 2


@pytest.mark.usefixtures("install")
def test_letters_that_no_font_has_are_a_question_mark() -> None:
    """One for each word of them, without the frames that matplotlib draws and warns of."""
    assert letters.drawable("漢字 テスト Website") == "? ? Website"
    assert letters.drawable("漢字") == "?"
    assert letters.drawable("\U00020bb7野家") == "?"
    assert ink("漢字") == ink("?") > 0


def test_what_is_broken_or_gone_is_passed_over(install: Install, tmp_path: Path) -> None:
    """A font that was uninstalled while the process runs, or never was one."""
    torn = tmp_path / "torn.ttf"
    torn.write_bytes(b"no font")
    install(torn)
    font = font_with("漢", tmp_path)
    install(font)
    assert letters.families("漢") == [letters.OWN, "One Letter"]
    font.unlink()
    letters._family.cache_clear()  # noqa: SLF001 - as though this letter had not been asked for
    assert letters.drawable("漢") == "?"


@pytest.mark.usefixtures("install")
def test_pictograms_and_what_is_not_seen_are_left_out() -> None:
    """They are in the picture's description."""
    assert letters.drawable("\N{ROCKET} Rocket") == "Rocket"
    assert letters.drawable("a\nb\N{ZERO WIDTH JOINER}c") == "a bc"
    assert letters.drawable("\N{ROCKET}") == "?"
