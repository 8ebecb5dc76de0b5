"""Pages of the guides: reading, writing drafts, the bank of questions, exchange with other installations."""
