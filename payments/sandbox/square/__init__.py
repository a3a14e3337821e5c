"""Square's HTTP dialect: https://developer.squareup.com/reference/square."""
