"""Money, exactly: what a length of time earns, and sums that are rounded once.

What has been earned is kept in *cent-seconds*: seconds times the smallest units of the currency
that an hour earns. These are whole numbers, so any order and grouping of a sum gives the same, in
Python as in SQL; 3,600 of them are a cent. Only what is shown is rounded.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from bot.domain.input_errors import BadInput

AN_HOUR = 3600
MOST = 10**12
"""Smallest units in the largest amount that is accepted."""

_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
        "GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK "
        "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO "
        "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
        "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST "
        "XCD YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
DECIMALS = {code: digits for digits, codes in _CODES.items() for code in codes.split()}
"""The currencies of ISO 4217 that money is kept in, and the digits of their smallest units."""

_SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "$"}
_NUMBER = re.compile(r"[0-9]+(?:[ .,'\u2019\u00a0\u202f][0-9]+)*")
_MARKS = re.compile(r"[^0-9]")
_THOUSAND = 3


@dataclass(eq=False)
class CurrencyUnknown(BadInput):
    """No currency has this code."""

    text: str


@dataclass(eq=False)
class AmountNotUnderstood(BadInput):
    """No amount of money in these words, or more than is accepted."""

    text: str
    currency: str


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole smallest units (cents) of one currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        digits = DECIMALS.get(self.currency, 2)
        return f"{Decimal(self.minor).scaleb(-digits):,.{digits}f} {self.currency}"

    @property
    def plain(self) -> Decimal:
        """The bare number, for files."""
        return Decimal(self.minor).scaleb(-DECIMALS.get(self.currency, 2))


def earned(seconds: int, per_hour: int) -> int:
    """What a length of time earns, in cent-seconds."""
    return seconds * per_hour


def rounded(cent_seconds: int) -> int:
    """Whole cents; half a cent is rounded up."""
    return (2 * cent_seconds + AN_HOUR) // (2 * AN_HOUR)


@dataclass(slots=True)
class Purse:
    """What has been earned in each currency: they are never added to one another."""

    held: dict[str, int] = field(default_factory=dict)
    """Cent-seconds by currency."""

    def add(self, currency: str, cent_seconds: int) -> None:
        """Puts in what was earned."""
        self.held[currency] = self.held.get(currency, 0) + cent_seconds

    def pour(self, others: Iterable["Purse"]) -> "Purse":
        """Puts in all that others hold."""
        for other in others:
            for currency, amount in other.held.items():
                self.add(currency, amount)
        return self

    def __iter__(self) -> Iterator[Money]:
        for currency in sorted(self.held):
            yield Money(rounded(self.held[currency]), currency)


def read_currency(text: str) -> str:
    """A currency's code, in any case.

    Raises:
        CurrencyUnknown: there is none of that code.
    """
    code = text.strip().upper()
    if code not in DECIMALS:
        raise CurrencyUnknown(text)
    return code


def read_amount(text: str, currency: str) -> Money:
    """An amount as people write it: ``95``, ``95,50``, ``1,200``, ``1.200,50 EUR``, ``€95``.

    The last mark separates the decimals where no more digits follow than the currency has;
    three digits after it are thousands otherwise.

    Raises:
        AmountNotUnderstood: it is none, or too much, or has more decimals than the currency.
    """
    bare = text.strip().upper()
    for mark in (currency, _SIGNS.get(currency, currency)):
        bare = bare.removesuffix(mark).removeprefix(mark).strip()
    if not _NUMBER.fullmatch(bare):
        raise AmountNotUnderstood(text, currency)
    digits = DECIMALS[currency]
    whole, decimals = _split(bare, digits)
    groups = _MARKS.split(whole)
    if any(len(group) != _THOUSAND for group in groups[1:]) or (
        len(groups) > 1 and len(groups[0]) > _THOUSAND
    ):
        raise AmountNotUnderstood(text, currency)
    minor = int("".join(groups) + decimals.ljust(digits, "0"))
    if minor > MOST:
        raise AmountNotUnderstood(text, currency)
    return Money(minor, currency)


def _split(bare: str, digits: int) -> tuple[str, str]:
    marks = _MARKS.findall(bare)
    if not marks or marks[-1] not in ".,":
        return bare, ""
    whole, _, last = bare.rpartition(marks[-1])
    is_decimal = len(last) <= digits and marks.count(marks[-1]) == 1
    return (whole, last) if is_decimal else (bare, "")
