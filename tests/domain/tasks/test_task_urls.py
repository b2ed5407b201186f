"""Addresses as people paste them."""

import pytest

from bot.domain.tasks.task_urls import host_of, keys_in, pages_above, spellings


@pytest.mark.parametrize(
    "typed",
    [
        "https://acme.test/issues/12",
        "https://acme.test/issues/12/",
        "http://acme.test/issues/12",
        "https://ACME.test/issues/12?tab=history#note-3",
        "https://acme.test/issues/12#change-9",
        "https://www.acme.test/issues/12",
        "https://m.acme.test/issues/12",
        "https://mobile.acme.test/issues/12",
        "https://acme.test/issues/12.json",
    ],
)
def test_one_page_has_many_spellings(typed: str) -> None:
    """Whatever a browser, a phone or an export adds."""
    assert "https://acme.test/issues/12" in spellings(typed)


def test_a_query_that_says_which_page_is_kept() -> None:
    """Some tools name the task in the query alone."""
    assert "https://acme.test/index.php?task=12" in spellings("https://acme.test/index.php?task=12")


def test_pages_below_a_task_lead_to_it() -> None:
    """Its edit form, its files; the site's own page is no task's."""
    above = pages_above("https://acme.test/acme/web/issues/12/edit")
    assert "https://acme.test/acme/web/issues/12" in above[0]
    assert all("https://acme.test/acme" not in some for some in above)


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        ("https://acme.test/browse/WEB-12?focusedId=3", ["WEB-12"]),
        ("https://acme.test/boards/1?selectedIssue=web-12", ["WEB-12"]),
        ("https://acme.test/projects/WEB/issues/WEB-012", ["WEB-12"]),
        ("https://acme.test/issues/12", []),
        ("https://[broken/WEB-12", []),
    ],
)
def test_keys_in_an_address(url: str, keys: list[str]) -> None:
    """Of a board, a search, a page that shows a task beside others."""
    assert keys_in(url) == keys


def test_what_is_no_address_breaks_nothing() -> None:
    """Brackets that never close, nothing at all."""
    assert spellings("https://[x") == ["https://[x"]
    assert pages_above("https://[x") == []
    assert (host_of("https://[x"), host_of("https://M.Acme.test/x")) == ("", "acme.test")
