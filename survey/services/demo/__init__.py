"""The demonstration: an empty instance filled with real bodies and generated answers, marked as such everywhere."""

from survey.services.demo.people import DemoAccount, read_demo_accounts
from survey.services.demo.seed import SeededDemonstration, is_empty, seed_demonstration

__all__ = ["DemoAccount", "SeededDemonstration", "is_empty", "read_demo_accounts", "seed_demonstration"]
