"""Dagster wiring only: assets, checks, jobs and resources that call the pure functions of the other packages."""
