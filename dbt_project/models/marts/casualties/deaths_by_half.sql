{{ deaths_by_period('half') }}
