"""Confirmed deaths by day of death, every vintage of the list of Mediazona and BBC News Russian."""
