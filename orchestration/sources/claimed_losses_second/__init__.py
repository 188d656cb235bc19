"""The same claims of the Ukrainian General Staff in a second copy, each day with the address of its report."""
