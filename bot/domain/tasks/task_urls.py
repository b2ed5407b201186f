"""A web address as people paste it: with a fragment, a query, from a phone, of a page below."""

from urllib.parse import parse_qsl, urlsplit, urlunsplit

from bot.domain.tasks.task_refs import KeyRef, read_token

_PHONE = ("www.", "m.", "mobile.")
_FORMATS = (".json", ".xml", ".html", ".pdf")
_MOST_BELOW = 3
"""Steps that a page may lie below its task's own: ``/issues/12/edit``."""


def spellings(url: str) -> list[str]:
    """Addresses that mean the same page, the one that was typed first.

    With and without query, fragment, last slash, ``www.`` or ``m.``, encryption and a format's
    ending.
    """
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.lower()
    except ValueError:
        return [url]
    for phone in _PHONE:
        netloc = netloc.removeprefix(phone)
    hosts = (parts.netloc.lower(), netloc, f"www.{netloc}")
    path = parts.path.rstrip("/")
    bare = next((path.removesuffix(end) for end in _FORMATS if path.endswith(end)), path)
    queries = (parts.query, "") if parts.query else ("",)
    pages = [
        urlunsplit((scheme, host, way + slash, query, ""))
        for query in queries
        for way in dict.fromkeys((path, bare))
        for scheme in dict.fromkeys((parts.scheme.lower(), "https", "http"))
        for host in dict.fromkeys(hosts)
        for slash in ("", "/")
    ]
    return list(dict.fromkeys((url, *pages)))


def pages_above(url: str) -> list[list[str]]:
    """The spellings of the pages above this one, the nearest first; never the site's own."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    steps = [step for step in parts.path.split("/") if step]
    above = []
    for count in range(len(steps) - 1, max(1, len(steps) - 1 - _MOST_BELOW), -1):
        path = "/" + "/".join(steps[:count])
        above.append(spellings(urlunsplit((parts.scheme, parts.netloc, path, "", ""))))
    return above


def host_of(url: str) -> str:
    """The site of an address, without ``www.`` or ``m.``; empty where there is none."""
    try:
        host = urlsplit(url).netloc.lower()
    except ValueError:
        return ""
    for phone in _PHONE:
        host = host.removeprefix(phone)
    return host


def keys_in(url: str) -> list[str]:
    """Task keys in an address: ``?selectedIssue=WEB-12``, ``/browse/WEB-12``."""
    try:
        parts = urlsplit(url)
        words = [value for _, value in parse_qsl(parts.query)] + parts.path.split("/")[::-1]
    except ValueError:
        return []
    refs = (read_token(word) for word in words)
    return list(dict.fromkeys(ref.key for ref in refs if isinstance(ref, KeyRef)))
