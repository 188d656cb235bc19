"""Confirmed deaths by region of origin, every vintage of the map of Mediazona and BBC News Russian."""
