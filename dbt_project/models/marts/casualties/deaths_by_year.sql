{{ deaths_by_period('year') }}
