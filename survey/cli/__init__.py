"""The console command `sansangso`: what an operator does without a browser."""

from survey.cli.run import main

__all__ = ["main"]
