"""The image, the compose file and the systemd units: what they name is there, and little else."""

import json
import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from bot.settings import Settings, options

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent
UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
NAMES = {name for name, _, _ in options()}
NOBODY = 65534


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def copied() -> list[tuple[list[str], str]]:
    """What is copied from here into the image, and where to."""
    found = [rest.split() for word, rest in steps() if word == "COPY" and "--from" not in rest]
    return [(one[:-1], one[-1]) for one in found]


def compose() -> dict[str, Any]:
    """The compose file as a value."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yml").read_text(encoding="utf-8"))
    return found


def test_what_the_image_copies_is_there_and_not_left_out() -> None:
    """`docker build` fails only on the machine of whoever deploys."""
    kept = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]
    for sources, _ in copied():
        for source in sources:
            assert (ROOT / source).exists(), source
            assert any(fnmatch(source.split("/")[0], one) for one in kept), source


def test_the_image_runs_without_rights() -> None:
    """Its last user is none that could change the program; its health is asked."""
    last = [word for word, _ in steps()][::-1].index("FROM")
    final = steps()[-last:]
    (user,) = [said for word, said in final if word == "USER"]
    assert user.isdecimal(), "whoever demands one without rights cannot look a name up"
    assert any(f"useradd --system --uid {user} " in said for _, said in final)
    assert [word for word, _ in final if word == "HEALTHCHECK"]
    assert not [rest for word, rest in final if word == "COPY" and "--from=build" not in rest]
    images = [rest.split()[0] for word, rest in steps() if word == "FROM"]
    assert all(":" in image and not image.endswith(":latest") for image in images)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Dockerfile's own steps in a folder, without the locked packages, which are here."""
    folder = tmp_path_factory.mktemp("image")
    folder.chmod(0o755)
    for parent in list(folder.parents)[:2]:
        parent.chmod(parent.stat().st_mode | 0o011)
    source, package = folder / "src", folder / "package"
    for sources, target in copied():
        for one in sources:
            if (ROOT / one).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / one, source / target, ignore=ignored)
            else:
                place = source / target / Path(one).name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / one, place)
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--no-build-isolation", "--disable-pip-version-check", "--target", package, source),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for path in [package, *package.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return package


def test_the_package_works_where_only_the_data_folder_can_be_written(
    image: Path, tmp_path: Path
) -> None:
    """Read-only root, a user without rights: it makes its database, and the doctor reads it."""
    data, temporary = tmp_path / "data", tmp_path / "tmp"
    before = sorted(image.rglob("*"))
    # As root, it gives its rights up, unless nobody else could read this interpreter.
    as_root = os.geteuid() == 0 and _is_everybodys(Path(sys.base_prefix))
    for folder in (data, temporary):
        folder.mkdir()
        if as_root:
            os.chown(folder, NOBODY, NOBODY)
    for parent in list(tmp_path.parents)[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    tmp_path.chmod(0o755)
    (tmp_path / "HOURLINK_SECRET_KEYS").write_text(Fernet.generate_key().decode())
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(image),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(temporary),
        "MPLCONFIGDIR": str(temporary / "matplotlib"),
        "HOURLINK_DATA_DIR": str(data),
        "HOURLINK_SECRETS_DIR": str(tmp_path),
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
    }

    def hourlink(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", _AS_INSTALLED, *words],
            env=environment,
            cwd=data,
            user=NOBODY if as_root else None,
            group=NOBODY if as_root else None,
            extra_groups=[] if as_root else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    made = hourlink("db", "upgrade")
    assert made.returncode == 0, made.stderr[-2000:]
    assert (data / "hourlink.db").exists()
    told = {one["subject"]: one for one in json.loads(hourlink("doctor", "--json").stdout)}
    assert told["Settings"]["verdict"] == "fine"
    assert told["Database version"]["verdict"] == "fine"
    assert sorted(image.rglob("*")) == before
    assert {path.name for path in tmp_path.iterdir()} == {"data", "tmp", "HOURLINK_SECRET_KEYS"}


def _is_everybodys(path: Path) -> bool:
    return all(one.stat().st_mode & 0o001 for one in [path, *path.parents])


_AS_INSTALLED = """
import bot, os, sys
assert bot.__file__.startswith(os.environ["PYTHONPATH"]), bot.__file__
from bot.__main__ import main
main()
"""


def test_compose_runs_a_web_process_a_worker_and_a_database() -> None:
    """Each is asked for its health and waits for what it needs; nothing listens to everybody."""
    found = compose()
    services = found["services"]
    assert set(services) == {"web", "worker", "db"}
    assert services["web"]["command"] == "hourlink serve"
    assert services["worker"]["command"] == "hourlink worker"
    assert "healthcheck" in services["db"]
    assert services["web"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["worker"]["depends_on"] == {"web": {"condition": "service_healthy"}}
    ports = [port for one in services.values() for port in one.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    for name in ("web", "worker"):
        one = services[name]
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert set(one["environment"]) <= NAMES
        assert set(one["volumes"]) == {"data:/data"}


def test_composes_secrets_are_files_that_git_and_the_image_leave_alone() -> None:
    """None stands in the file, in an environment, or in the image."""
    found = compose()
    used = {name for one in found["services"].values() for name in one["secrets"]}
    assert used == set(found["secrets"])
    assert {one["file"] for one in found["secrets"].values()} == {f"secrets/{n}" for n in used}
    assert used - {"POSTGRES_PASSWORD"} <= NAMES
    assert not used & {n for one in found["services"].values() for n in one["environment"]}
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").startswith("*\n")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_start_what_there_is_and_give_away_little(unit: Path) -> None:
    """A user of its own, one folder to write to, secrets as credentials."""
    parsed = ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read(unit)
    service = parsed["Service"]
    assert re.fullmatch(r"/opt/hourlink/bin/hourlink (serve|worker)", service["ExecStart"])
    assert service["ProtectSystem"] == "strict"
    assert service["DynamicUser"] == service["NoNewPrivileges"] == service["PrivateTmp"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    text = unit.read_text(encoding="utf-8")
    named = set(re.findall(r"LoadCredential=(\w+):", text)) | set(re.findall(r"HOURLINK_\w+", text))
    assert named <= NAMES


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_names_a_home(unit: Path) -> None:
    """Nothing else does for a user that exists only while it runs, and slack_sdk asks where it is.

    Where systemd's names of users are not installed (libnss-systemd), it does not start without.
    """
    assert re.search(r"^Environment=.*\bHOME=/var/lib/hourlink$", unit.read_text(), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_takes_every_secret_and_misses_none_but_the_keys(unit: Path) -> None:
    """Socket Mode has no signing secret, SQLite no address: a missing file keeps nothing back."""
    text = unit.read_text(encoding="utf-8")
    secrets = {
        str(field.validation_alias)
        for field in Settings.model_fields.values()
        if "SecretStr" in str(field.annotation)
    }
    assert (
        set(re.findall(r"^LoadCredential=(\w+):/etc/hourlink/secrets/\1$", text, re.MULTILINE))
        == secrets
    )
    spared = set(re.findall(r"^SetCredential=(\w+):\\n$", text, re.MULTILINE))
    assert spared == secrets - {"HOURLINK_SECRET_KEYS"}


@pytest.mark.systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path, tmp_path: Path) -> None:
    """Every directive is one; what an attacker inside could do is little."""
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/hourlink/bin/hourlink", "/bin/true"))
    analyze = shutil.which("systemd-analyze") or ""
    said = subprocess.run(  # noqa: S603
        [analyze, "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
    scored = subprocess.run(  # noqa: S603
        [analyze, "security", "--offline=yes", "--threshold=20", copy],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stdout[-3000:]
