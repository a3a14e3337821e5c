"""A switch without telephones: scripted callers for tests and for whole simulations in virtual time."""
