"""The law as a book: a static site in three languages, made only of what the law layer says of itself."""
