"""Messages about red runs: the words, and the process that sends them."""
