"""CCAvenue: an encrypted form leads the payer to its page; it takes no card from a server."""
