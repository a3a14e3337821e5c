"""Words to values: amounts, digits, dates, yes and no, choices."""
