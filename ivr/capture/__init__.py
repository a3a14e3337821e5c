"""Taking a card or a bank account from the keypad, unheard and unrecorded."""
