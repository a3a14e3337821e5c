"""Razorpay: payment links, mandates, UPI collect; an Indian card needs its holder's one-time code."""
