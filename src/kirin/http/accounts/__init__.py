"""What belongs to an account: its balance, usage, webhooks and subjects."""
