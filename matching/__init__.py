"""The engine: who is this? Pure functions over values; no framework, no database, no clock."""
