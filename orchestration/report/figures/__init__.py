"""The figures of the page, one module each."""
