"""The two real tools that the story is told on."""

import csv
import uuid
from pathlib import Path

from bot.demo_board import DEMO_BOARD, DEMO_KEY, write_demo_board
from tests.providers.redmine.site import Site, Workshop

PEOPLE = ("ana", "bo", "cleo", "dan")


class BoardTool:
    """The demo board, changed the way people change it: in its files."""

    slug = "board"
    name = "File board"
    wrong = {"Board folder": DEMO_BOARD, "Access key": "not-the-key"}  # noqa: RUF012 - a constant
    right = {"Board folder": DEMO_BOARD, "Access key": DEMO_KEY}  # noqa: RUF012 - a constant
    main = "Acme Web"
    second = "Acme Shop"
    archived = "Old intranet"
    first = 12
    title = "Fix the header"
    other = 5
    proves_by_email = True
    free_account = "Mia K"

    def __init__(self, boards: Path) -> None:
        write_demo_board(boards)
        self._board = boards / DEMO_BOARD
        for number in (901, 902):
            self._append("tasks.csv", project="web", number=str(number), title=f"Story {number}")

    def make_project(self) -> str:
        """Adds a row to ``projects.csv`` and lets everyone see it."""
        self._append("projects.csv", id="new", name="Winter campaign", key="WIN")
        self._append("access.csv", project="new", person="*")
        return "Winter campaign"

    def add_project(self, name_id: str, name: str, key: str) -> None:
        """Adds a project that everyone sees."""
        self._append("projects.csv", id=name_id, name=name, key=key)
        self._append("access.csv", project=name_id, person="*")

    def add_task(self, project: str, number: int, title: str) -> None:
        """Adds a task."""
        self._append("tasks.csv", project=project, number=str(number), title=title)

    def rename(self, number: int, title: str) -> None:
        """Changes a row of ``tasks.csv``."""
        rows = self._rows("tasks.csv")
        for row in rows:
            if row["project"] == "web" and row["number"] == str(number):
                row["title"] = title
        self._write("tasks.csv", rows)

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self._board

    def change(self, file_name: str, column: str, value: str, /, **values: str) -> None:
        """Changes the rows in which a column has this value."""
        rows = self._rows(file_name)
        self._write(file_name, [row | values if row[column] == value else row for row in rows])

    def remove(self, file_name: str, column: str, value: str, /) -> None:
        """Takes those rows out."""
        self._write(file_name, [row for row in self._rows(file_name) if row[column] != value])

    def _rows(self, file_name: str) -> list[dict[str, str]]:
        with (self._board / file_name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def _write(self, file_name: str, rows: list[dict[str, str]]) -> None:
        draft = self._board / f"{file_name}.draft"
        with draft.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        draft.replace(self._board / file_name)  # Hourlink may read it at any moment

    def _append(self, file_name: str, /, **values: str) -> None:
        path = self._board / file_name
        with path.open(newline="", encoding="utf-8") as file:
            head = next(csv.reader(file))
        filled = {"id": f"{values.get('project', 'x')}-{values.get('number', 'x')}"} | values
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow([filled.get(column, "") for column in head])


class RedmineTool:
    """Projects of the story's own in the real Redmine, which others use at the same time."""

    slug = "redmine"
    name = "Redmine"
    title = "Fix the header"
    proves_by_email = False

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workshop = Workshop(site)
        self.wrong = {"Address": site.url, "API access key": "b" * 40}
        self.right = {"Address": site.url, "API access key": site.key}
        names = [self._project() for _ in range(3)]
        self.main, self.second, self.archived = (name for name, _ in names)
        main = names[0][1]
        self.first = int(self._workshop.issue(main, self.title))
        self.other = int(self._workshop.issue(main, "Move the blog archive over"))
        for number in (901, 902):
            self._workshop.issue(main, f"Story {number}")
        site.call("PUT", f"projects/{names[2][1]}/archive.json")
        self.free_account = "Erin 李"

    def team(self) -> dict[str, str]:
        """E-mail addresses that Redmine knows, by the handle of who has them in Slack."""
        logins = ("alice", "bob", "carol", "dave")
        users = self._site.seed["users"]
        return {who: users[login]["mail"] for who, login in zip(PEOPLE, logins, strict=True)}

    def make_project(self) -> str:
        """Adds a project."""
        name, _ = self._project()
        return name

    def rename(self, number: int, title: str) -> None:
        """Changes an issue's subject."""
        self._workshop.change(str(number), subject=title)

    def clear(self) -> None:
        """Removes what the story made."""
        self._workshop.clear()

    def _project(self) -> tuple[str, int]:
        project = self._workshop.project()
        name = f"Story {uuid.uuid4().hex[:8]}"
        self._site.call("PUT", f"projects/{project}.json", {"project": {"name": name}})
        for login in ("alice", "bob", "carol", "dave", "erin"):
            self._workshop.member(project, self._site.user_id(login), "Developer")
        return name, project
