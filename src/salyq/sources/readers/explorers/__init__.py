"""Block explorers: Etherscan and its kin, Tronscan, OKLink."""
