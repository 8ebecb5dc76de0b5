"""Coding and review, the released debriefs, and the codebook."""
