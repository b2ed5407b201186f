"""Money is exact: what people type, what an hour earns, sums in any order."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money.money import (
    DECIMALS,
    MOST,
    AmountNotUnderstood,
    CurrencyUnknown,
    Money,
    Purse,
    earned,
    read_amount,
    read_currency,
    rounded,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("95", "EUR", 9500),
        ("95.5", "EUR", 9550),
        ("95,50", "EUR", 9550),
        ("1,200", "USD", 120000),
        ("1.200,50", "EUR", 120050),
        ("1 200.50 eur", "EUR", 120050),
        ("EUR 7", "EUR", 700),
        ("1'200.05", "CHF", 120005),
        ("12,000,000", "IDR", 1200000000),
        ("15000", "JPY", 15000),
        ("15,000", "JPY", 15000),
        ("1.250", "KWD", 1250),
        ("0", "EUR", 0),
        ("€ 1.200", "EUR", 120000),
        ("95,50 €", "EUR", 9550),
        ("$95", "USD", 9500),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, minor: int) -> None:
    """Comma or point, thousands, the currency or its sign before or behind."""
    assert read_amount(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "EUR"),
        ("-5", "EUR"),
        ("ten", "EUR"),
        ("95.123456", "EUR"),
        ("1,20,000", "EUR"),
        ("95 USD", "EUR"),
        ("$95", "EUR"),
        ("€", "EUR"),
        ("1.5", "JPY"),
        ("1234,567", "EUR"),
        ("99999999999999", "EUR"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, currency: str) -> None:
    """Nothing is guessed where money is meant."""
    with pytest.raises(AmountNotUnderstood):
        read_amount(text, currency)


def test_a_currency_is_known_by_its_code_in_any_case() -> None:
    """Others are refused."""
    assert read_currency(" eur ") == "EUR"
    with pytest.raises(CurrencyUnknown):
        read_currency("euro")


@pytest.mark.parametrize(
    ("money", "said"),
    [
        (Money(123450, "EUR"), "1,234.50 EUR"),
        (Money(5, "USD"), "0.05 USD"),
        (Money(15000, "JPY"), "15,000 JPY"),
        (Money(1250, "KWD"), "1.250 KWD"),
    ],
)
def test_an_amount_is_shown_with_the_digits_of_its_currency(money: Money, said: str) -> None:
    """And with its code, which no other currency shares."""
    assert str(money) == said


@given(st.integers(0, MOST), st.sampled_from(sorted(DECIMALS)))
def test_what_is_shown_is_read_again(minor: int, currency: str) -> None:
    """A form filled with an amount saves that amount."""
    money = Money(minor, currency)
    assert read_amount(str(money), currency) == money
    assert read_amount(f"{money.plain:f}", currency) == money


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_one_length_earns_its_share_of_an_hour_to_the_cent(seconds: int, per_hour: int) -> None:
    """Half a cent is rounded up, as on paper."""
    exact = Fraction(seconds * per_hour, 3600)
    whole = exact.numerator // exact.denominator
    up = 1 if exact - whole >= Fraction(1, 2) else 0
    assert rounded(earned(seconds, per_hour)) == whole + up


def test_rounding_agrees_with_decimal() -> None:
    """Python's own decimal arithmetic says the same."""
    for seconds, per_hour in ((1, 9500), (420, 9500), (1800, 1), (5400, 333)):
        exact = Decimal(seconds * per_hour) / 3600
        assert rounded(earned(seconds, per_hour)) == exact.quantize(Decimal(1), ROUND_HALF_UP)


_LINES = st.lists(
    st.tuples(
        st.sampled_from(["EUR", "USD", "JPY"]), st.integers(1, 86_400), st.integers(0, 50_000)
    )
)


@given(_LINES, st.lists(st.integers(0, 4)))
def test_sums_agree_to_the_cent_however_they_are_grouped(
    lines: list[tuple[str, int, int]], groups: list[int]
) -> None:
    """By person, by day, all at once: the total is one, and currencies stay apart."""
    whole, parts = Purse(), {group: Purse() for group in range(5)}
    for at, (currency, seconds, per_hour) in enumerate(lines):
        amount = earned(seconds, per_hour)
        whole.add(currency, amount)
        parts[groups[at] if at < len(groups) else 0].add(currency, amount)
    assert list(Purse().pour(parts.values())) == list(whole)
    for money in whole:
        alone = sum(s * r for c, s, r in lines if c == money.currency)
        assert money.minor == rounded(alone)
