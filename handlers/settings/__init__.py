"""Settings: the team's, and a member's own."""
