"""Double entry that cannot be wrong quietly: accounts with limits, holds, chains all or nothing, one writer.

Invariants (each is tested against planted violations; docs/pilots.md tells them to people):

* L1 debits and credits of an asset are equal, always. L2 a balance is the fold of its transfers.
* L3 a request has one answer for ever; the same id with other content is refused.
* L4 limits hold, what is held included. L5 a hold ends at most once. L6 a chain is all or nothing.
* L7 no transfer touches two assets. L8 a rounding account takes at most one unit a transfer.
* L9 a crash at any moment loses no answered request and doubles none.

`model` and `reading` say what a request is, `standing` holds the books in memory, `judge` decides there, `sequencer` is
the only writer, `gate` gathers single callers, `books` answers questions at (effective, known), `recount` proves the
books from their transfers.
"""
