"""Law for everybody: what it says of an act, the brief of a day, calculators, the law book."""
