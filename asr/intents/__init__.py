"""What a caller wants, told in their own words: phrases that an admin edits, and a linear model of them."""
