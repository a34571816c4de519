"""OECD's Crypto-Asset Reporting Framework, XML schema 1.5. Off for Kazakhstan until the country joins."""
