"""What tracking answers: the timer, days and weeks, the Home tab, *Log time*, forgotten timers."""
