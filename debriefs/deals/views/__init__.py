"""Pages of deals: the list, the forms, imports."""
