"""One folder a venue, one file a reader. Every `Format` at the top of a module here is a reader."""
