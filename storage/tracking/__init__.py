"""The timer, days and weeks, the App Home."""
