"""The outside programs: brought into the checkout, and run from there."""
