"""Use cases of reports: one's own and the team's, as sums, files and pictures, and scheduled."""
