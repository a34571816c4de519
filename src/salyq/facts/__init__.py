"""A case as the rows that law asks about: read, valued and put in order, for one person and one year."""
