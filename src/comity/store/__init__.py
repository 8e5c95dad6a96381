"""Where a node keeps everything: memory, SQLite, PostgreSQL behind one port."""
