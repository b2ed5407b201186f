import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot import reference
from bot.settings import options

ROOT = reference.ROOT
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LARGEST_PICTURE = 100_000
"""Bytes."""
CODE = [
    path
    for top in ("bot", "handlers", "storage", "playground")
    for path in (ROOT / top).rglob("*.py")
]
_FILE = r"(?:bot|handlers|storage|playground|tests|benchmarks|docs|requirements)/[\w./*-]+"
NAMED = re.compile(rf"(?<!`)`({_FILE})`(?!`)|``({_FILE})``")
"""A path in backticks, single ones in pages and double ones in code."""
PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
INDEX = re.compile(
    r"--(?:extra-)?index-url|--find-links|https?://\S*/simple\b|^-[if] ", re.MULTILINE
)


def test_generated_pieces_are_fresh() -> None:
    """What is written from code says what the code says; `make docs` mends it."""
    assert [str(path.relative_to(ROOT)) for path in reference.stale()] == []


def test_a_piece_is_written_between_its_markers(tmp_path: Path) -> None:
    """Prose around a generated piece stays; the piece is found stale, then fresh."""
    page = tmp_path / "README.md"
    page.write_text("Before\n<!-- generated: settings -->\nold\n<!-- end -->\nAfter\n")
    assert page in reference.stale(tmp_path)
    text = reference.expected(tmp_path)[page]
    assert text.startswith("Before\n<!-- generated: settings -->\n| Variable |")
    assert text.endswith("|\n<!-- end -->\nAfter\n")
    page.write_text(text)
    assert page not in reference.stale(tmp_path)


def test_an_unknown_piece_is_refused() -> None:
    """A slip in a marker's name cannot leave a table behind that nobody writes."""
    with pytest.raises(KeyError, match="setings"):
        reference.refreshed("<!-- generated: setings -->\n<!-- end -->")


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    """`console|json` is one cell."""
    assert reference.table(["a"], [["b|c"]]) == "| a |\n| --- |\n| b\\|c |\n"


def test_every_setting_is_documented() -> None:
    """The page of settings names each option once."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [page.count(f"| `{name}` |") for name, _, _ in options()] == [1] * len(options())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A file that was moved takes its links along."""
    for target in re.findall(r"(?:\]\(|src=\")([^)\"#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_into_a_page_lead_to_a_heading(page: Path) -> None:
    """A heading that was renamed takes the links to it along."""
    for target in re.findall(r"\]\(([^)\s]*#[^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        if "://" not in target:
            assert heading in headings(page.parent / name if name else page), target


def headings(page: Path) -> set[str]:
    """The headings of a page as GitHub names them in addresses."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("name", ["use", "admin", "operate"])
def test_a_long_page_begins_with_what_is_on_it(name: str) -> None:
    """A section that is added is found from the top, in the order in which it comes."""
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^On this page: (.+)$", text, re.MULTILINE)
    assert re.findall(r"\[([^]]+)\]\(#", line) == re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_the_index_names_every_page() -> None:
    """Whoever looks for a page finds it in `docs/README.md`, by what they want to do."""
    index = ROOT / "docs" / "README.md"
    named = set(re.findall(r"\]\(([\w-]+\.md)\)", index.read_text(encoding="utf-8")))
    assert named == {path.name for path in index.parent.glob("*.md")} - {index.name}


def test_every_picture_says_what_is_on_it() -> None:
    """Who cannot see a picture is told what it shows, in a few words and not in one."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for said in re.findall(r"!\[([^]]*)\]\(|<img [^>]*alt=\"([^\"]*)\"", text):
            assert 4 <= len("".join(said).split()) <= 30, (page.name, said)


def test_files_that_are_named_are_there() -> None:
    """Who looks for the file that a page or a comment names finds it, also after it was moved."""
    missing = {
        (str(page.relative_to(ROOT)), name)
        for page in [*PAGES, *CODE]
        for name in map("".join, NAMED.findall(page.read_text("utf-8")))
        if not list(ROOT.glob(name.rstrip("/")))
    }
    assert missing == set()


def test_every_picture_is_shown_and_small() -> None:
    """A picture that no page shows is forgotten, and a large one makes a clone slow."""
    pictures = {path.resolve() for path in (ROOT / "docs" / "pictures").iterdir()}
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"!\[[^]]+\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    }
    assert pictures == shown
    assert {path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE} == set()


def test_no_package_index_is_named() -> None:
    """Whoever installs chooses the index; names, versions and hashes are enough."""
    files = [*LOCKS, *PAGES, *(ROOT / name for name in ("Makefile", "Dockerfile", "compose.yml"))]
    files += [ROOT / "pyproject.toml", ROOT / ".ci" / "run"]
    found = {str(path) for path in files if INDEX.search(path.read_text(encoding="utf-8"))}
    assert found == set()
    assert [str(lock) for lock in LOCKS if "://" in lock.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.name))
def test_every_locked_package_has_its_hashes(lock: Path) -> None:
    """Without its hash pip refuses a package, and rightly."""
    for entry in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
        assert PINNED.match(entry), entry
        assert "--hash=sha256:" in entry, entry


def test_locks_hold_what_the_project_asks_for() -> None:
    """A dependency added to pyproject.toml without `make lock` is noticed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    dev = [item for item in groups["dev"] if isinstance(item, str)]
    bench = [item for item in groups["bench"] if isinstance(item, str)]
    for name, wanted in {
        "build.txt": groups["build"],
        "app.txt": runtime,
        "dev.txt": runtime + dev + groups["build"],
        "bench.txt": runtime + dev + groups["build"] + bench,
    }.items():
        locked = _locked(name)
        for requirement in map(Requirement, wanted):
            # One package may stand there in several versions, each for some platforms.
            versions = [
                v for package, v in locked if package == canonicalize_name(requirement.name)
            ]
            assert any(map(requirement.specifier.contains, versions)), (
                f"{requirement} is not in {name}: run make lock"
            )
    assert project["build-system"]["requires"] == groups["build"]


def test_tests_run_with_what_the_app_runs_with() -> None:
    """A version in dev.txt other than in app.txt would test something else."""
    assert _locked("app.txt") <= _locked("dev.txt")
    assert _locked("build.txt") <= _locked("dev.txt")


def _locked(name: str) -> set[tuple[str, str]]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {(canonicalize_name(package), version) for package, version in PINNED.findall(text)}
