"""The team's rule of rounding in words."""

from collections.abc import Mapping

from bot.domain.reports.rounding import STEPS, Per, Rounding, Way

NONE = "none"
"""The value of no rule."""
_PER = {
    Per.ENTRY: "each entry",
    Per.DAY: "the time of one person on one project and day",
}
_SHORT = {Per.ENTRY: "each entry", Per.DAY: "a person's day on a project"}


def rounding_told(rule: Rounding) -> str:
    """A sentence: each entry is rounded up to 15 m."""
    what = _PER[rule.per]
    return f"{what[:1].upper()}{what[1:]} is rounded {_to(rule)} for reports."


def rounding_named(rule: Rounding | None) -> str:
    """As a setting: ``up to 15 m, each entry``."""
    return "not at all" if rule is None else f"{_to(rule)}, {_SHORT[rule.per]}"


def rounding_choices() -> Mapping[str, str]:
    """Every rule, by the value of its option."""
    rules = [Rounding(way, step, per) for per in Per for way in Way for step in STEPS]
    named = {rule.code: rounding_named(rule) for rule in rules}
    return {
        NONE: "Not at all",
        **{code: f"{said[:1].upper()}{said[1:]}" for code, said in named.items()},
    }


def _to(rule: Rounding) -> str:
    to = "up to" if rule.way is Way.UP else "to the nearest"
    return f"{to} {rule.minutes} m"
