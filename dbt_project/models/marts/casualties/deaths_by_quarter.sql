{{ deaths_by_period('quarter') }}
