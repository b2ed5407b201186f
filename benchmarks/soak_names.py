"""What teams, people and channels of the soak are called: an id says whose it is."""

SECRET = "soak-signing-secret"  # noqa: S105 - of a Slack that does not exist
MARK = "soak"


def team(number: int) -> str:
    """A workspace's id."""
    return f"T{number:04}"


def person(number: int, who: int) -> str:
    """Somebody's Slack id; 0 is the admin."""
    return f"U{number:04}P{who:03}"


def account(who: int) -> str:
    """Somebody's name, in Slack and in every tool."""
    return f"Member {who:03}"


def channel(number: int) -> str:
    """Where a team's tools announce."""
    return f"C{number:04}OPS"


def token(number: int) -> str:
    """A workspace's bot token."""
    return f"xoxb-soak-{number:04}"


def owner(name: str) -> int | None:
    """The team that an id of a person or channel belongs to, or a bot token."""
    digits = name.removeprefix("xoxb-soak-") if name.startswith("xoxb-") else name[1:5]
    return int(digits) if digits.isdigit() else None


def mark(number: int) -> str:
    """What a command's note says, so that it is found again."""
    return f"{MARK}{number}x"
