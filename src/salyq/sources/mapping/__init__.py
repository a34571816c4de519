"""Tables that a person describes in a mapping file, and drafts of such files."""

SUFFIX = ".mapping.toml"
