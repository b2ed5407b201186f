"""Which provider projects an integration's rules let in (L8): a pure decision by names.

With include rules only what fits one of them is let in; what fits an exclude rule never is. A
pattern is a whole name in any case, in which ``*`` stands for anything and ``?`` for one character.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TypeAlias

from bot.domain.errors import NotPossible
from bot.domain.linking.link_plan import folded
from bot.domain.values import dataclass

MOST_RULES = 50
LONGEST_PATTERN = 100
"""Characters; a longer one could not be the value of an option."""


class RuleBy(StrEnum):
    """What a rule looks at."""

    NAME = "name"
    """The provider project's."""
    WORKSPACE = "workspace"
    """The name of the provider's container that it is in."""


@dataclass(frozen=True, slots=True)
class LinkRule:
    """Lets provider projects in, or leaves them out."""

    include: bool
    pattern: str
    by: RuleBy = RuleBy.NAME


LetsIn: TypeAlias = Callable[[str, str], bool]
"""Whether a provider project is let in, by its name and its workspace's."""


@dataclass(eq=False)
class TooManyRules(NotPossible):
    """More rules than one integration has."""

    most: int


@dataclass(eq=False)
class PatternTooLong(NotPossible):
    """A pattern that is longer than any name worth writing."""

    pattern: str
    most: int


def lets_in(rules: Sequence[LinkRule]) -> LetsIn:
    """The rules as one question, prepared once for many names."""
    included = _fits(rule for rule in rules if rule.include)
    excluded = _fits(rule for rule in rules if not rule.include)
    has_includes = any(rule.include for rule in rules)

    def decide(name: str, workspace: str) -> bool:
        name, workspace = folded(name), folded(workspace)
        return (not has_includes or included(name, workspace)) and not excluded(name, workspace)

    return decide if rules else _everything


def tidy(rules: Iterable[LinkRule]) -> tuple[LinkRule, ...]:
    """The rules as they are kept: white space trimmed, each pattern once, the last word counting.

    Raises:
        TooManyRules: more than an integration has.
        PatternTooLong: one is longer than any name worth writing.
    """
    kept: dict[tuple[str, RuleBy], LinkRule] = {}
    for rule in rules:
        pattern = " ".join(rule.pattern.split())
        if len(pattern) > LONGEST_PATTERN:
            raise PatternTooLong(pattern, LONGEST_PATTERN)
        if pattern:
            # What is said later stands for what was said of the same pattern before.
            kept.pop((folded(pattern), rule.by), None)
            kept[folded(pattern), rule.by] = LinkRule(rule.include, pattern, rule.by)
    if len(kept) > MOST_RULES:
        raise TooManyRules(MOST_RULES)
    return tuple(kept.values())


def _everything(name: str, workspace: str) -> bool:
    del name, workspace
    return True


def _fits(rules: Iterable[LinkRule]) -> LetsIn:
    by: dict[RuleBy, list[str]] = {RuleBy.NAME: [], RuleBy.WORKSPACE: []}
    for rule in rules:
        by[rule.by].append(_expression(folded(rule.pattern)))
    names, workspaces = (re.compile("|".join(some)) if some else None for some in by.values())

    def fits(name: str, workspace: str) -> bool:
        return bool(
            (names and names.fullmatch(name)) or (workspaces and workspaces.fullmatch(workspace))
        )

    return fits


def _expression(pattern: str) -> str:
    """A pattern as a regular expression.

    Every part between stars is taken where it stands first, for good (an atomic group), so that no
    pattern takes longer than the name is long.
    """
    first, *others = (_literal(part) for part in re.split(r"\*+", pattern))
    if not others:
        return f"(?s:{first})"
    *middle, last = others
    return f"(?s:{first}{''.join(f'(?>.*?{part})' for part in middle)}.*{last})"


def _literal(part: str) -> str:
    return "".join("." if char == "?" else re.escape(char) for char in part)
