"""Use cases about money: clients, billing, rates, budgets and their warnings."""
