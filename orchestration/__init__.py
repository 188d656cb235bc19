"""War Losses: from upstream figures to a published, checked warehouse."""
