"""What all sources share on the way in: fetching, keeping, the gate, and what people decide about files."""
