"""Messages to people: receipts, codes and links, by mail and text message."""
