"""PayU's HTTP dialect: https://docs.payu.in/reference."""
