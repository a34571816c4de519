"""The command line; thin."""

INTERRUPTED = 130  # the shell's own number for a program stopped by Ctrl-C
