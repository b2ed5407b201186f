"""Clients, billing, rates and budgets."""
