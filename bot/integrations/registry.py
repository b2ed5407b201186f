"""Finds adapters, and lets in only those that keep what they declare."""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, cast

from bot.domain.values import dataclass
from bot.integrations.api import Adapter, Capability, Credentials, Descriptor, FieldKind
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed
from bot.integrations.hooks import SendsHooks
from bot.integrations.inspection import disagreements

GROUP = "hourlink.providers"
"""The entry-point group of every adapter, ours and strangers'."""

_BUILT_IN = "bot.providers."


class AdapterFactory(Protocol):
    """An adapter's class, seen as what makes its instances."""

    @property
    def descriptor(self) -> Descriptor:
        """The class's own declaration."""
        ...

    def __call__(self, credentials: Credentials, context: AdapterContext) -> Adapter:
        """Makes an adapter without any call to the provider."""
        ...


class AdapterRejected(Exception):
    """A class that cannot be an adapter, and everything that disagrees about it."""

    def __init__(self, name: str, problems: tuple[str, ...]) -> None:
        super().__init__(name, problems)
        self.name = name
        """The entry point's name, or the class's where there is none."""
        self.problems = problems
        """Whole sentences."""

    def __str__(self) -> str:
        return f"{self.name} is not an adapter: {' '.join(self.problems)}"


class ProviderUnknown(Exception):
    """No adapter has this slug."""

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        super().__init__(slug, known)
        self.slug = slug
        self.known = known


@dataclass(frozen=True, slots=True)
class SkippedAdapter:
    """A stranger's entry point that was left out, and why."""

    name: str
    target: str
    """``package.module:Class``."""
    reason: str


class Registry:
    """The adapters of this process, by slug."""

    def __init__(
        self, factories: Iterable[AdapterFactory], skipped: tuple[SkippedAdapter, ...] = ()
    ) -> None:
        """Takes adapters from an explicit list, all of which must be sound.

        Raises:
            AdapterRejected: a class disagrees with its own declaration, or with another's slug.
        """
        self._factories: dict[str, AdapterFactory] = {}
        self.skipped = skipped
        """Entry points of strangers that were left out; worth a line in the log and in doctor."""
        for factory in factories:
            self._add(_name(factory), factory)

    @classmethod
    def load(cls, points: Iterable[EntryPoint] | None = None) -> "Registry":
        """Loads every installed adapter; ours first, so that no stranger can take our slug.

        Args:
            points: entry points to use instead of the installed ones.

        Raises:
            AdapterRejected: one of our own adapters is broken. A stranger's is skipped instead.
        """
        found = entry_points(group=GROUP) if points is None else points
        registry = cls(())
        for point in sorted(found, key=lambda p: (not _is_built_in(p), p.name, p.value)):
            registry._load_one(point)
        return registry

    def descriptors(self) -> tuple[Descriptor, ...]:
        """What is known of every adapter, by name."""
        every = (factory.descriptor for factory in self._factories.values())
        return tuple(sorted(every, key=lambda d: (d.name.casefold(), d.slug)))

    def descriptor(self, slug: str) -> Descriptor:
        """What is known of one adapter.

        Raises:
            ProviderUnknown: no adapter has this slug.
        """
        return self._factory(slug).descriptor

    def open(self, slug: str, credentials: Credentials, context: AdapterContext) -> Adapter:
        """Makes the adapter of one integration. Nothing is called yet.

        Raises:
            ProviderUnknown: no adapter has this slug.
            ProviderAuthFailed: a credential that is not optional is missing or blank.
            ProviderRefused: a credential cannot be right, for example an address with spaces.
        """
        factory = self._factory(slug)
        kept = _stripped(credentials)
        missing = [
            field.name
            for field in factory.descriptor.credentials
            if not field.optional and not kept.get(field.name)
        ]
        if missing:
            raise ProviderAuthFailed(slug, f"not filled in: {', '.join(missing)}")
        return factory(kept, context)

    def open_own(
        self, slug: str, shared: Credentials, own: Credentials, context: AdapterContext
    ) -> Adapter:
        """Makes the adapter that acts in a member's own name. Nothing is called yet.

        Args:
            slug: The adapter's.
            shared: The integration's credentials; none of its secrets is used.
            own: What the member typed.
            context: What every adapter gets.

        Raises:
            ProviderUnknown: no adapter has this slug.
            ProviderAuthFailed: the adapter takes nobody's own credentials, or one is missing.
            ProviderRefused: a credential cannot be right.
        """
        descriptor = self._factory(slug).descriptor
        if not descriptor.own_credentials:
            raise ProviderAuthFailed(slug, "nobody signs in there with a key of their own")
        names = {field.name for field in descriptor.own_credentials}
        common = {
            field.name: shared[field.name]
            for field in descriptor.credentials
            if field.kind is not FieldKind.SECRET and field.name in shared
        }
        theirs = {name: own[name] for name in names if name in own}
        return self.open(slug, common | theirs, context)

    def hearing(self, slug: str) -> SendsHooks | None:
        """Who proves the webhooks of a provider; None where it sends none, or is not installed."""
        factory = self._factories.get(slug)
        if factory is None or Capability.HOOKS not in factory.descriptor.capabilities:
            return None
        return cast("SendsHooks", factory)  # hear() is static: the class has it

    def sets_up_hooks(self, slug: str) -> bool:
        """Whether a provider's webhooks can be set up through its API."""
        factory = self._factories.get(slug)
        return factory is not None and Capability.HOOK_SETUP in factory.descriptor.capabilities

    def _factory(self, slug: str) -> AdapterFactory:
        try:
            return self._factories[slug]
        except KeyError:
            raise ProviderUnknown(slug, tuple(sorted(self._factories))) from None

    def _load_one(self, point: EntryPoint) -> None:
        try:
            self._add(point.name, _loaded(point), point.name)
        except AdapterRejected as rejected:
            if _is_built_in(point):
                raise
            skipped = SkippedAdapter(point.name, point.value, str(rejected))
            self.skipped = (*self.skipped, skipped)

    def _add(self, name: str, factory: AdapterFactory, expected_slug: str | None = None) -> None:
        problems = disagreements(factory)
        if not problems:
            slug = factory.descriptor.slug
            if expected_slug not in (None, slug):
                problems = (f"Its entry point is called {expected_slug}, its slug is {slug}.",)
            elif slug in self._factories:
                taken = _name(self._factories[slug])
                problems = (f"Its slug {slug} already belongs to {taken}.",)
        if problems:
            raise AdapterRejected(name, problems)
        self._factories[factory.descriptor.slug] = factory


def _loaded(point: EntryPoint) -> AdapterFactory:
    """Imports what an entry point names; whatever a stranger's module raises becomes ours."""
    try:
        factory: AdapterFactory = point.load()
    except Exception as error:
        problem = f"It could not be imported: {type(error).__name__}: {error}."
        raise AdapterRejected(point.name, (problem,)) from error
    return factory


def _is_built_in(point: EntryPoint) -> bool:
    return point.value.startswith(_BUILT_IN)


def _name(factory: object) -> str:
    module = getattr(factory, "__module__", "?")
    return f"{module}.{getattr(factory, '__qualname__', repr(factory))}"


def _stripped(credentials: Credentials) -> Mapping[str, str]:
    """Pasted keys come with spaces and line ends around them."""
    return {name: value.strip() for name, value in credentials.items()}
