"""Clients, terms and rates, budgets, and the statement that prices entries."""
