"""From a file to rows of texts: encodings, delimiters, workbooks, the header."""
