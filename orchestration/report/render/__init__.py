"""From figures to ink: colours, axes, SVG, PNG, and how numbers and dates are written."""
