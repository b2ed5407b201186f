"""Rules about money: amounts, billing terms, rates by day, budgets and their warnings.

What reports make of it is in ``reports``.
"""
