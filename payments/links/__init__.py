"""Payment links: a page that a payer opens, for one payment."""
