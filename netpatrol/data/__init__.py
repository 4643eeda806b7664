"""Reference tables, each with its source (SOURCES.md)."""
