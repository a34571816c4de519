"""What `make_examples.py` is made of: a calendar, made-up price series, and the two stories. Standard library only."""
