"""Runs of the pipeline: one at a time, dead ones ended, old ones deleted, and what one came to."""
