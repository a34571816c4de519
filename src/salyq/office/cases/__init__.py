"""A person's cases: files, facts and answers that the engine assesses. Every change is kept; nothing is taken away."""
