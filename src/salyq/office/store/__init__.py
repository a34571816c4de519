"""The database of the office: the server, migrations, transactions, the audit tree, jobs and the one clock."""
