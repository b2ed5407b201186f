"""Pictures of reports: what can be read in them, in light and dark, and what is said of them."""

import io
import struct
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ProjectId, SlackUserId
from bot.domain.money.budgets import Budget, Burn, Every, Kind
from bot.domain.money.money import Money
from bot.domain.periods import Period, Unit, period_around
from bot.domain.projects.project_money import Earnings
from bot.domain.reports.burn_charts import BurnChart
from bot.domain.reports.charts import chart_of
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Reach, TeamChoice, TeamReport, TeamRow
from bot.views.reports import burn_picture, chart_picture
from bot.views.reports.burn_chart import burn_chart
from bot.views.reports.chart import MOST_SAID, team_chart
from bot.views.reports.picture_paper import (
    ALARM,
    CARD,
    EDGE,
    FIRST,
    INK,
    REST,
    SECOND,
    SOFT,
    WIDTH,
    Paper,
)

TODAY = date(2026, 11, 20)
NOVEMBER = period_around(TODAY, Unit.MONTH)
HOUR = 3600
LIGHT, DARK = "#FFFFFF", "#1A1D21"
"""What Slack's messages stand on."""


def report(
    rows: Sequence[tuple[str | Period, int, int]],
    group: Group = Group.PROJECT,
    period: Period = NOVEMBER,
    *earned: Money,
) -> TeamReport:
    """With these rows: name, seconds, billable seconds."""
    shown = [
        TeamRow(
            TaskLabel(ProjectId(at), name)
            if isinstance(name, str) and group is Group.PROJECT
            else name,
            Earnings(seconds, billable),
        )
        for at, (name, seconds, billable) in enumerate(rows)
    ]
    total = Earnings(
        sum(one.sums.seconds for one in shown), sum(one.sums.billable for one in shown), earned
    )
    return TeamReport(
        choice=TeamChoice(period, group),
        reach=Reach.ALL,
        about=(),
        rows=tuple(shown),
        most=0,
        number=len(shown),
        page=0,
        total=total,
        before=None,
        before_seconds=0,
        running=0,
        sees_money=bool(earned),
        today=TODAY,
    )


def size(png: bytes) -> tuple[int, int]:
    """Of a picture."""
    assert png.startswith(b"\x89PNG")
    wide, high = struct.unpack(">II", png[16:24])
    return int(wide), int(high)


def luminance(colour: str) -> float:
    """As WCAG reckons it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [INK, SOFT, ALARM])
def test_text_can_be_read(colour: str) -> None:
    """On the card, which is the same in light and dark: the ratio for small text."""
    assert contrast(colour, CARD) >= 4.5


@pytest.mark.parametrize("colour", [FIRST, SECOND, REST])
def test_bars_can_be_seen(colour: str) -> None:
    """The ratio for what is no text."""
    assert contrast(colour, CARD) >= 3


def test_both_kinds_can_be_told_apart_without_colours() -> None:
    """By lightness, whoever sees no red or no green; the second one is hatched as well."""
    assert contrast(FIRST, SECOND) >= 2


def test_the_card_stands_out_of_both_backgrounds() -> None:
    """By its edge in light, by itself in dark."""
    assert contrast(EDGE, LIGHT) >= 3
    assert contrast(CARD, DARK) >= 3


def picture(found: TeamReport) -> tuple[Image.Image, str]:
    """As it is sent, with its description."""
    bars, said = team_chart(found, chart_of(found))
    return Image.open(io.BytesIO(chart_picture.draw(bars))), said


def test_nothing_is_drawn_outside_the_card() -> None:
    """Round corners let whatever is behind them through."""
    shown, _ = picture(report([("Website", HOUR, HOUR)]))
    assert shown.mode == "RGBA"
    wide, high = shown.size
    alpha = shown.getchannel("A")
    corners = [(0, 0), (wide - 1, 0), (0, high - 1), (wide - 1, high - 1)]
    assert [alpha.getpixel(corner) for corner in corners] == [0, 0, 0, 0]
    assert alpha.getpixel((wide // 2, high - 20)) == 255


def test_one_project() -> None:
    """A small picture; everything is billable, so nothing is divided."""
    found = report([("Website", 5400, 5400)], Group.PROJECT, NOVEMBER, Money(13500, "EUR"))
    shown, said = picture(found)
    assert shown.height < 400
    assert said == (
        "Chart: Everybody's time by project. November 2026. "
        "1 h 30 m in all, 100 % billable. Earned by the hour: 135.00 EUR. Website: 1 h 30 m."
    )
    assert not team_chart(found, chart_of(found))[0].kinds


def test_two_hundred_projects_with_long_names() -> None:
    """Twelve and the rest; names are cut in the picture, and whole where they are read out."""
    long = "Relaunch of everything that was ever promised to anybody " * 2
    rows = [(f"{at} {long}", (300 - at) * 60, 0 if at % 2 else 60) for at in range(200)]
    shown, said = picture(report(rows))
    assert shown.height < 1200
    assert f"0 {long}: 5 h." in said
    assert len(said) <= MOST_SAID
    assert said.endswith("more.")
    bars, _ = team_chart(report(rows), chart_of(report(rows)))
    assert bars.strips[-1].name == "188 other projects"
    assert bars.strips[-1].said.startswith("609 h 26 m, 91 %")


@pytest.mark.parametrize("days", [1, 7, 30, 61])
def test_days_go_from_left_to_right(days: int) -> None:
    """However many there are, and whatever stands still on some of them."""
    period = Period(TODAY - timedelta(days=days - 1), TODAY + timedelta(days=1))
    rows: list[tuple[str | Period, int, int]] = [
        (period_around(day, Unit.DAY), day.day % 3 * HOUR, day.day % 2 * HOUR)
        for day in period.dates()
    ]
    shown, said = picture(report(rows, Group.DAY, period))
    assert shown.size[0] == WIDTH
    assert "by day" in said


def test_names_are_words_whatever_is_in_them() -> None:
    """No formula is made of them, and pictograms, which have no letters, are left out."""
    names = ["$x^2$", "100 % \\alpha", "\N{ROCKET} Rocket", "\N{ROCKET}", "שלום", "漢字", "a\nb"]
    shown, _ = picture(report([(name, HOUR, 0) for name in names]))
    assert shown.size[0] == WIDTH


def test_a_name_that_is_too_long_ends_in_an_ellipsis() -> None:
    """And is no wider than its room."""
    paper = Paper(100)
    cut = paper.cut("Relaunch of everything " * 5, 26, 300)
    assert cut.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert paper.width(cut, 26) <= 300
    assert paper.cut("Website", 26, 300) == "Website"


def test_a_budget_that_is_exceeded() -> None:
    """The line goes over the mark; what is over is told."""
    budget = Budget(Kind.HOURS, 10 * HOUR, Every.MONTH)
    burn = Burn(budget, date(2026, 11, 1), 12 * HOUR)
    sums = tuple(min(12, day) * HOUR for day in range(1, 21))
    to = SlackUserId("U1")
    found = BurnChart(to, "Website", burn, True, date(2026, 11, 1), sums, date(2026, 11, 30))  # noqa: FBT003
    climb, said = burn_chart(found)
    assert size(burn_picture.draw(climb))[0] == WIDTH
    assert said == (
        "Chart: Website. Budget of 10 h a month, this month: Sun 1 to Mon 30 Nov. "
        "120 % used, 12 h, 2 h over."
    )
    assert climb.days == 30


def test_a_budget_in_money_for_who_may_not_see_it() -> None:
    """Percentages, and no amount anywhere."""
    budget = Budget(Kind.MONEY, 100, Every.ONCE, "EUR")
    burn = Burn(budget, date.min, 40 * HOUR)
    to = SlackUserId("U1")
    sums = (10 * HOUR, 40 * HOUR)
    found = BurnChart(to, "Website", burn, False, date(2026, 11, 19), sums, TODAY)  # noqa: FBT003
    climb, said = burn_chart(found)
    assert "EUR" not in repr(climb)
    assert said == "Chart: Website. Budget, Thu 19 to Fri 20 Nov. 40 % used."
