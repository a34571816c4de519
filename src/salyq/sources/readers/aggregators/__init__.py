"""Files of programs that gather several venues: Koinly, CoinTracking."""
