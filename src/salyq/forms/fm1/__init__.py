"""FM-1: reports of financial monitoring to the Agency (XML in UTF-16, one message an operation)."""
