"""Who may do what: signing in, keys, tokens, and the gate in front of every route."""
