"""Area of occupied territory from April 2022 to March 2023."""
