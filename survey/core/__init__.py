"""The pure heart: questionnaires, answers, rules and scores, with no framework and no storage."""
