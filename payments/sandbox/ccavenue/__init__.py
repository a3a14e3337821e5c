"""CCAvenue's HTTP dialect."""
