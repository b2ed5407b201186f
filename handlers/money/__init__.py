"""``/link clients``, and the forms about billing, rates and budgets."""
