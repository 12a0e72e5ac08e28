"""The database: its engine, its tables, its migrations. Rooms that keep rows stand on it."""
