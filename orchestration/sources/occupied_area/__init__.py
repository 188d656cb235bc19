"""Area of occupied territory by day, from DeepState's map."""
