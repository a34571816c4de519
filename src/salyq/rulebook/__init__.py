"""How law is read: load, date, check, graph, evaluate, explain. Knows no tax and no country."""
