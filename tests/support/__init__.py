"""What several test rooms share: pictures, servers that behave badly, waiting."""
