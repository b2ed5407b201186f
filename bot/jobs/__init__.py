"""What happens without anybody asking: the clock, sync, the outbox."""
