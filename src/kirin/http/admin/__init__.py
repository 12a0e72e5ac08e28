"""What an operator does: accounts, keys, money, the audit log. It takes the scope ``admin``."""
