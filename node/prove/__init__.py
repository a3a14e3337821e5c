"""The proof: whole calls with canary cards, and then a search for these cards in every place."""
