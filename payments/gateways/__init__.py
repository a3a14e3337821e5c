"""Payment gateways, one vendor a folder."""
