"""Time as it is tracked: the timer, time already worked, days and weeks."""
