"""The library on PostgreSQL with pgvector. Nothing here is imported before an address asks for it."""
