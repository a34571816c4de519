"""The pilots on one ledger: the sandbox's contracts and limits, the card, the corridor, the city.

Each pilot runs under a contract whose limits are accounts of the ledger (S1). What happens is an event, kept once and
never changed; what follows from it is derived.
"""
