"""Razorpay's HTTP dialect: https://razorpay.com/docs/api/."""
