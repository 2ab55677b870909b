//! SQLite and PostgreSQL behind one seam: statements, migrations, transactions, group commit.
