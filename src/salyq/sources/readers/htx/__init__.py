"""HTX (Huobi)."""
