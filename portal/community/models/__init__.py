"""What forum and ideas stand on: who takes part, and what they have earned."""

from portal.community.models.standing import (
    CommunitySettings,
    Member,
    PointEntry,
    Restriction,
)

__all__ = ["CommunitySettings", "Member", "PointEntry", "Restriction"]
