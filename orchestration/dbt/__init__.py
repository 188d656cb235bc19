"""dbt as this project runs it: the process, its manifest, what failed, and what is in its tables."""
