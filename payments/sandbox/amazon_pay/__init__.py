"""Amazon Pay's HTTP dialect: https://developer.amazon.com/docs/amazon-pay-api-v2/introduction.html."""
