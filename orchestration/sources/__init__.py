"""What is known of each upstream: who publishes, where it lies, how it is read. No Dagster here.

`catalog` says who and where, `github` pulls, `archive` keeps what was pulled, one module a source parses and turns
files into observation tables, `build` runs that over the archive, `observations` and `embedded` read and write tables.
"""
