"""Pages of planning, following and availability."""
