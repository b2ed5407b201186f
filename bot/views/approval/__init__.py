"""Forms and messages about locked time: closing a month, unlocking, submitted weeks."""
