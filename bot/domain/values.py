"""The standard library's ``dataclass``, whose methods are written when they are first used.

The standard library writes and compiles up to six methods while a class is declared. Six hundred
of them were a sixth of the start of a process, and most are made much later, or never. A class that
is declared here has the same fields, and methods that write themselves: the first object of it,
the first comparison costs what declaring would have cost, and every later one what it always did.

Type checkers see the standard library's own.
"""

import dataclasses
from collections.abc import Callable
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, TypeVar, cast

__all__ = ["dataclass"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, eq: bool = True, kw_only: bool = False
    ) -> Callable[[type[T]], type[T]]:
        """Makes a class of fields: one that never changes, or one that is never compared."""
        if eq and not frozen:
            raise TypeError("what changes and is compared is the standard library's to declare")

        def declare(cls: type[T]) -> type[T]:
            own = cls.__dict__
            later = ["__init__", "__repr__"] + ["__eq__", "__hash__"] * eq
            missing = [name for name in later if own.get(name) is None]
            plain = dataclasses.dataclass(
                init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
            )
            made = plain(cls)
            for name in missing:
                setattr(made, name, _later(made, name, missing))
            if frozen:
                made.__setattr__, made.__delattr__ = _refuse_setting, _refuse_deleting
                made.__setstate__ = _restore
            return made

        return declare


def _later(made: type[Any], name: str, missing: list[str]) -> Callable[..., Any]:
    """A method that has all that are missing written, and then does what it is called for."""

    def method(self: object, *args: object, **kwargs: object) -> object:
        _write(made, missing)
        return made.__dict__[name](self, *args, **kwargs)

    return method


def _write(made: type[Any], missing: list[str]) -> None:
    """Takes the methods of a class that the standard library makes of the same fields.

    Two threads that do it at once write the same.
    """
    fields: list[tuple[str, Any, Any]] = [
        (
            one.name,
            one.type,
            dataclasses.field(
                default=one.default,
                default_factory=one.default_factory,
                repr=one.repr,
                compare=one.compare,
                hash=one.hash,
                init=one.init,
                kw_only=one.kw_only,
            ),
        )
        for one in dataclasses.fields(made)
    ]
    after = {name: getattr(made, name) for name in ("__post_init__",) if hasattr(made, name)}
    has_slots = all(
        isinstance(getattr(made, name, None), MemberDescriptorType) for name, _, _ in fields
    )
    twin = dataclasses.make_dataclass(
        made.__qualname__, fields, namespace=after, frozen=True, init=not has_slots
    )
    written = dict(twin.__dict__)
    if has_slots:
        written["__init__"] = _filling_slots(made, twin)
    for name in missing:
        setattr(made, name, written[name])


def _filling_slots(made: type[Any], twin: type[Any]) -> Callable[..., None]:
    """What makes an object, and sets each field by its slot.

    The standard library's looks each of them up by its name, to get past the refusal to set it:
    that takes nearly twice as long, and there are some hundred values to a request.
    """
    scope: dict[str, object] = {}
    places: list[str] = []
    named: list[str] = []
    lines: list[str] = []
    for one in dataclasses.fields(twin):
        name = one.name
        given, value = name, name
        scope[f"__set_{name}"] = getattr(made, name).__set__
        if one.default is not dataclasses.MISSING:
            scope[f"__else_{name}"] = one.default
            given = f"{name}=__else_{name}"
        elif one.default_factory is not dataclasses.MISSING:
            scope[f"__else_{name}"], scope[f"__new_{name}"] = (
                dataclasses.MISSING,
                one.default_factory,
            )
            given = f"{name}=__else_{name}"
            value = f"__new_{name}() if {name} is __else_{name} else {name}"
        if one.init:
            (named if one.kw_only else places).append(given)
        elif given != name:
            value = f"__new_{name}()" if f"__new_{name}" in scope else f"__else_{name}"
        else:
            continue
        lines.append(f"    __set_{name}(self_, {value})")
    if hasattr(twin, "__post_init__"):
        lines.append("    self_.__post_init__()")
    parameters = ["self_", *places, *(["*"] if named else []), *named]
    text = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or ["    pass"])
    exec(text, scope)  # noqa: S102 - as the standard library does; names of fields are ours
    init = cast("Any", scope["__init__"])
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return cast("Callable[..., None]", init)


def _refuse_setting(self: object, name: str, value: object) -> None:
    del self, value
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: object, name: str) -> None:
    del self
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _restore(self: object, state: Any) -> None:  # noqa: ANN401 - as the copy module has it
    """A copy gets its fields past the refusal to set them."""
    for values in state if isinstance(state, tuple) else (state,):
        for name, value in (values or {}).items():
            object.__setattr__(self, name, value)
