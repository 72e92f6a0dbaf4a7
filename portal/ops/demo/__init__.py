"""A believable platform to look at: three builders, their people, and a few weeks of tickets."""

from portal.ops.demo.seeding import seed

__all__ = ["seed"]
