"""The cross-border corridor: two nodes, each with its own database and ledger, that trust nothing but signatures.

Money goes from a sender's tenge through licensed providers' asset leg to a receiver's currency. Both sides hold, then
one side decides. C2: at every quiet moment both books agree; a payment is final on both sides or on none; no state is
without an end.

Who decides: the destination. Its decision (fulfilled, rejected, expired) is one row that can be written once. The
origin never lets go of what it holds by a clock of its own: it asks until it knows. A late message therefore cannot
make one side pay and the other take back. A payment's proof is the fulfilment whose SHA-256 is its condition.

What law does not settle (repatriation, the currency of the asset leg) is carried as a question, never as an allowance.
"""
