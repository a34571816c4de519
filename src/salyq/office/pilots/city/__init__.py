"""The pilot city (Alatau): invoices that a payer pays with an asset and for which the merchant gets tenge."""
