"""The readings of a rule, one module each: points (NumPy), exact (fractions), formula (Excel), words (sentences)."""
