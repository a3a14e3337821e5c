"""A bogus gateway inside the process: for demos, simulations and tests."""
