"""The Crypto Card: coins are locked when the card is used, sold through the licensed exchange when the payment is
cleared, and the merchant gets tenge. ISO 8583:1987 towards the acquirer, the ledger and the contract's limits within.

C1: coins held ≥ coins sold + released; every clearing is matched or booked as forced; holds expire; tenge settled =
what the sales brought − fees; every sale is one disposal and one line of the year's file.
"""
