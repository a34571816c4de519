"""Pages in three languages and the JSON API: every page is a view of the rooms below, and holds no rule of its own."""
