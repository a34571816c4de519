"""Pages of the pilots: card, corridor, sandbox, city, and one event with all that followed from it."""
