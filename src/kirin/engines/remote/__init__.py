"""What remote engines share: HTTP sessions and polling with backoff."""
