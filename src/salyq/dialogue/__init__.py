"""What a person still has to say: questions with the money at stake, the ways to answer them, the close of a year."""
