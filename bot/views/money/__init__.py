"""Forms and messages about clients, billing, rates and budgets."""
