"""Claimed Russian losses in personnel and equipment, by the Ukrainian General Staff."""
