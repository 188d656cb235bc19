"""The release's page: charts, their tables and their wording, all from the published file.

What belongs here: which figures the page shows, in what words and how they are drawn. What does not: how figures are
computed (dbt), and when the page is built (the wiring). Altair and vl-convert are imported by the modules inside, so
that nothing of it is loaded before a page is written.
"""
