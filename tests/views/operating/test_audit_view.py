"""Lines of the audit log, as an admin reads them."""

from bot.domain.operating.audit import AuditLine, AuditPage, AuditQuery
from bot.views.operating import audit
from tests.builders import NOON


def test_time_is_read_in_hours() -> None:
    """Nobody divides 59400 by 3600 to see which week was approved."""
    after = {"week": "2026-11-23", "state": "approved", "seconds": 59_400}
    line = AuditLine(NOON, "Bo", "sheet.approve", "member:4", "Dan", {}, after)
    shown = str(audit.log(AuditPage(AuditQuery(), (line,), total=1)).blocks)
    assert "week: 2026-11-23; state: approved; time: 16 h 30 m" in shown
    assert "59400" not in shown
