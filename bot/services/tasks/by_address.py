"""What a pasted address stands for (T1)."""

from bot.domain.people.people import Member
from bot.domain.tasks.finding import Candidate
from bot.domain.tasks.task_urls import host_of, keys_in, pages_above, spellings
from bot.services.tasks.reach import projects_among
from storage.tasks import trackable
from storage.unit_of_work import Tx


def anything(tx: Tx, who: Member, url: str) -> list[Candidate]:
    """The tasks or projects with that page, else the tasks that it is about."""
    here = spellings(url)
    found = trackable.by_url(tx, who, here)
    found = found or projects_among(trackable.places_by_url(tx, who, here))
    return found or tasks(tx, who, url)


def tasks(tx: Tx, who: Member, url: str) -> list[Candidate]:
    """The tasks whose page this is, or is below, or that its query names."""
    here = spellings(url)
    found = trackable.by_url(tx, who, here)
    for key in keys_in(url):
        found = found or _with_key(tx, who, key, url)
    for above in pages_above(url):
        found = found or trackable.by_url(tx, who, above)
    return found or trackable.below_url(tx, who, here)


def _with_key(tx: Tx, who: Member, key: str, url: str) -> list[Candidate]:
    """The tasks with that key on the site of this address."""
    sites = trackable.sites_at(tx, who.team_id, host_of(url))
    return [
        one
        for one in trackable.by_key(tx, who, key.casefold())
        if one.place.source is not None and one.place.source.integration_id in sites
    ]
