"""The Dagster UI as it is served here: on this machine only, with a guard in front and the daemon beside it."""
