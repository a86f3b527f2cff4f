"""The charts of a round: each with its finding as title, its data table and a sentence for those who cannot see it."""
