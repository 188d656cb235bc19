"""Confirmed deaths by branch of service and week."""
