"""What analysts receive: the published file, its contract and how it is swapped in."""
