"""What is known of each upstream: who publishes, where it lies, how it is read. No Dagster here.

`catalog` says who and where, `github` pulls, `archive` keeps what was pulled. One module a source parses and turns
files into observation tables; `judging` holds a file against its neighbours by the rules of `plausibility`; `build`
runs that over the archive. `tables` gives the shape of the tables, `observations` and `embedded` read and write them.
"""
