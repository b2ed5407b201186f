"""What a team and a member choose."""
