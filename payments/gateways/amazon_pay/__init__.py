"""Amazon Pay: the payer signs in on its page; it takes no card from anybody."""
