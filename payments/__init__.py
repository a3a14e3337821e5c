"""Money: cards, gateways, the Desk that takes payments, and the ledger."""
