"""The database itself: connections, tables, migrations, bulk reading and writing."""
