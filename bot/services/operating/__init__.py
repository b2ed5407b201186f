"""What operators, auditors and programs ask; installations, and how long data is kept."""
