"""Rows that the worlds of several benchmarks are filled with."""

from datetime import datetime


def project_row(team_id: str, name: str, number: int, now: datetime) -> dict[str, object]:
    """A project of ours, with a code that no other number has."""
    return {
        "team_id": team_id,
        "name": f"{name} {number}",
        "name_folded": f"{name} {number}".casefold(),
        "code": "".join(chr(65 + number // 26**place % 26) for place in range(5)),
        "follows_name": True,
        "next_number": 1,
        "created_at": now,
    }
