"""What a process that serves takes along: whoever restarts it waits for all of that."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

NEEDLESS = """
alembic httpcore httpx matplotlib numpy procrastinate prometheus_client psycopg pygments rapidfuzz
rich typer watchfiles xlsxwriter yaml sqlalchemy.dialects.postgresql
"""
"""What other commands, other databases or few requests need; each takes 3 to 300 ms to import."""

STARTED = f"""
import sys
from bot.__main__ import main
sys.argv[1:] = ["serve"]
try:
    main()  # nothing is set, so it ends where it would begin to wire
except SystemExit:
    pass
assert {{"bot.app", "bot.processes"}} <= set(sys.modules)
print(*(name for name in {NEEDLESS.split()} if sys.modules.get(name)))
"""


def test_serving_imports_nothing_that_it_never_shows(tmp_path: Path) -> None:
    """A line at the top of some file would make every restart a tenth longer, unseen."""
    environment = {"PYTHONPATH": str(ROOT), "HOURLINK_DATA_DIR": str(tmp_path)}
    told = [sys.executable, "-c", STARTED]
    done = subprocess.run(  # noqa: S603 - Python itself
        told, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
