"""Which bars a chart has, and that none of the time is left out."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.periods import Period, Unit, period_around
from bot.domain.reports.burn_charts import MOST_DAYS, climbed
from bot.domain.reports.charts import MOST_IN_ORDER, MOST_RANKED, ChartBar, chart_data, charted
from bot.domain.reports.reports import Group

_SECONDS = st.lists(st.integers(0, 10**6), max_size=300).map(lambda all_: sorted(all_)[::-1])


@given(seconds=_SECONDS, share=st.integers(0, 4))
def test_the_bars_come_to_the_whole(seconds: list[int], share: int) -> None:
    """One project or three hundred: what has no bar of its own is in that of the others."""
    bars = [ChartBar(f"P{at}", one, one * share // 4) for at, one in enumerate(seconds)]
    data = chart_data(Group.PROJECT, bars, total=sum(seconds))
    assert sum(bar.seconds for bar in data.bars) == sum(seconds)
    assert sum(bar.billable or 0 for bar in data.bars) == sum(one * share // 4 for one in seconds)
    assert len(data.bars) <= MOST_RANKED + 1
    assert all(bar.seconds for bar in data.bars)
    others = [bar.others for bar in data.bars if bar.others]
    assert others in ([], [len([one for one in seconds if one]) - MOST_RANKED])
    assert others != [1]


@settings(deadline=None, max_examples=30)
@given(
    first=st.dates(date(1990, 1, 1), date(2026, 1, 1)),
    days=st.integers(1, 12_000),
    group=st.sampled_from([Group.DAY, Group.WEEK, Group.MONTH]),
)
def test_time_goes_on_in_few_columns(first: date, days: int, group: Group) -> None:
    """Days of a long period become weeks, months and at last years; each day counts once."""
    period = Period(first, first + timedelta(days=days))
    chosen = charted(group, period)
    unit = chosen.unit
    assert unit is not None
    spans: dict[Period, int] = {}
    for day in period.dates():
        around = period_around(day, unit)
        spans[around] = spans.get(around, 0) + 60
    bars = [ChartBar(span, seconds) for span, seconds in spans.items()]
    data = chart_data(chosen, bars, total=days * 60)
    assert sum(bar.seconds for bar in data.bars) == days * 60
    assert 0 < len(data.bars) <= MOST_IN_ORDER + 1
    assert not any(bar.others for bar in data.bars)


def test_a_month_by_day_stays_so() -> None:
    """Nothing is coarsened that there is room for."""
    november = period_around(date(2026, 11, 20), Unit.MONTH)
    assert charted(Group.DAY, november) is Group.DAY
    assert charted(Group.PROJECT, Period(date(2000, 1, 1), date(2026, 1, 1))) is Group.PROJECT


@given(
    spent=st.dictionaries(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 10**7)),
    first=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 11, 30))),
)
def test_a_budget_climbs_to_what_is_spent(spent: dict[date, int], first: date | None) -> None:
    """The end of the line is all of it: what was before, and what is logged ahead."""
    today = date(2026, 11, 20)
    begin, sums = climbed(spent, first, today)
    assert sums[-1] == sum(spent.values())
    assert list(sums) == sorted(sums)
    assert begin + timedelta(days=len(sums) - 1) == today
    assert len(sums) <= MOST_DAYS
