"""Webhooks: every change of a task's status is posted, signed, to its callback URL."""
