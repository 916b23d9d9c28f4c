"""The database: sessions, tables, and queries named for what they find."""
