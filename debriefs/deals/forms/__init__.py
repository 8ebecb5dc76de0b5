"""What may be typed about deals: checked here, written by actions."""
