"""Sums of finished time, one's own (``report_sums``) and the team's (``team_*``); schedules."""
