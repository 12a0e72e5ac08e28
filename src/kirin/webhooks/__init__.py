"""Webhooks: every change of a task's status is told to its callback URL, signed, until heard."""
