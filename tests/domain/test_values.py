"""Values behave as the standard library's dataclasses do, though their methods come later."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from threading import Barrier
from typing import Any, ClassVar

import pytest

from bot.domain import values

Declare = Callable[..., Callable[[type[Any]], type[Any]]]
WAYS: tuple[Declare, ...] = (values.dataclass, dataclasses.dataclass)


@values.dataclass(frozen=True, slots=True)
class Kept:
    """Found again by its name, as copying through a file needs."""

    number: int
    word: str = ""


def _made(declare: Declare) -> type[Any]:
    @declare(frozen=True, slots=True)
    class Point:
        """Somewhere."""

        across: int
        down: int = 0
        tags: list[str] = field(default_factory=list, compare=False)
        secret: str = field(default="x", repr=False)
        kind: ClassVar[str] = "point"

        @property
        def far(self) -> int:
            """How far."""
            return self.across + self.down

    return Point


@pytest.mark.parametrize("declare", WAYS)
def test_a_value_is_what_its_fields_say(declare: Declare) -> None:
    """Defaults, comparison, hashes, patterns and how it is shown."""
    made = _made(declare)
    one, same, other = made(1), made(1, tags=["a"]), made(1, down=2)
    assert (one.across, one.down, one.tags, one.far, made.kind) == (1, 0, [], 1, "point")
    assert one == same != other
    assert hash(one) == hash(same)
    assert len({one, same, other}) == 2
    assert one != (1, 0)
    assert repr(other).endswith("Point(across=1, down=2, tags=[])")
    assert replace(one, across=3) == made(3)
    assert one.tags is not made(1).tags
    assert made.__match_args__ == ("across", "down", "tags", "secret")
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("declare", WAYS)
def test_a_value_never_changes(declare: Declare) -> None:
    """Neither a field nor anything else can be set."""
    one = _made(declare)(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.across = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.across
    assert one.across == 1


@pytest.mark.parametrize("declare", WAYS)
def test_what_is_missing_is_named(declare: Declare) -> None:
    """Whoever makes one wrongly reads the same sentence."""
    made = _made(declare)
    with pytest.raises(TypeError, match=r"Point.__init__\(\) missing 1 .*'across'"):
        made()
    with pytest.raises(TypeError, match="unexpected keyword argument 'up'"):
        made(1, up=2)


@pytest.mark.parametrize("declare", WAYS)
def test_a_value_may_extend_another(declare: Declare) -> None:
    """Also where the first one that is made is of the class above, and where names are needed."""

    @declare(frozen=True, slots=True)
    class Point:
        """Somewhere."""

        across: int
        down: int = 0

    @declare(frozen=True, slots=True, kw_only=True)
    class Deeper(Point):
        """With one field more."""

        depth: int

    base: Any = Point
    made: Any = Deeper
    deeper = made(1, depth=3)
    assert (deeper.across, deeper.down, deeper.depth) == (1, 0, 3)
    assert base(1) == base(1)
    assert deeper != base(1)
    assert repr(deeper).endswith("Deeper(across=1, down=0, depth=3)")


@pytest.mark.parametrize("declare", WAYS)
def test_fields_may_fill_themselves(declare: Declare) -> None:
    """Those that nobody gives, and those that are given by their names alone."""

    @declare(frozen=True, slots=True)
    class Box:
        """Of some size."""

        size: int
        parts: list[int] = field(default_factory=list, init=False)
        colour: str = field(default="red", init=False)
        marks: list[int] = field(default_factory=list, kw_only=True)
        label: str = field(kw_only=True)

    made: Any = Box
    box = made(2, label="a")
    assert (box.size, box.parts, box.colour, box.marks, box.label) == (2, [], "red", [], "a")
    assert box.marks is not made(2, label="a").marks
    assert box.parts is not made(2, label="a").parts
    assert made(2, marks=[1], label="a").marks == [1]
    with pytest.raises(TypeError):
        made(2, [1], label="a")


@pytest.mark.parametrize("declare", WAYS)
def test_what_a_class_says_itself_stays(declare: Declare) -> None:
    """Its own comparison and words, and what it does once it is made."""
    seen: list[int] = []

    @declare(frozen=True, slots=True)
    class Own:  # noqa: PLW1641 - the decorator adds it
        """Compared by parity."""

        number: int

        def __post_init__(self) -> None:
            seen.append(self.number)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own) and (self.number - other.number) % 2 == 0

        def __repr__(self) -> str:
            return "own"

    made: Any = Own
    assert made(1) == made(3) != made(2)
    assert repr(made(1)) == "own"
    assert seen == [1, 3, 2, 1]
    assert hash(made(1)) == hash(made(1))


@pytest.mark.parametrize("declare", WAYS)
def test_an_error_carries_its_data(declare: Declare) -> None:
    """It is raised, told apart by identity, and shows what it carries."""

    @declare(eq=False)
    class Refused(Exception):
        """With a reason."""

        reason: str
        seconds: int = 5

    @declare(eq=False)
    class Late(Refused):
        """A kind of it."""

        day: str = "Monday"

    late: Any = Late
    refused: Any = Refused
    with pytest.raises(Refused) as caught:
        raise late("no", day="Friday")
    error: Any = caught.value
    assert (error.reason, error.seconds) == ("no", 5)
    assert repr(error).endswith("Late(reason='no', seconds=5, day='Friday')")
    assert error != late("no", day="Friday")
    assert {error: 1}[error] == 1
    error.reason = "changed"
    assert refused("yes").reason == "yes"


def test_a_value_can_be_copied() -> None:
    """Within the process and out of it."""
    one = Kept(1, "a")
    assert copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one  # noqa: S301


def test_many_threads_may_make_the_first_one() -> None:
    """Whoever comes second finds it written, or writes the same."""
    together = Barrier(8)

    for _ in range(20):
        made = _made(values.dataclass)

        def make(number: int, made: type[Any] = made) -> object:
            together.wait(60)
            return made(number)

        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(make, range(8)))
        assert found == [made(number) for number in range(8)]


def test_what_changes_is_not_for_it() -> None:
    """A class that is compared by fields that change is declared as everywhere else."""
    with pytest.raises(TypeError):
        values.dataclass(slots=True)
