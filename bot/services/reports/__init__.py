"""Where the hours and the money went, told, drawn, filed and scheduled."""
