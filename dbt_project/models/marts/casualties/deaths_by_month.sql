{{ deaths_by_period('month') }}
