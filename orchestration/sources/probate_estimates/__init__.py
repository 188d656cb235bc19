"""Weekly estimate of deaths from the probate registry, by Mediazona and Meduza."""
