"""Forms and messages about people's accounts: *Add users*, requests, the list of people, admins."""
