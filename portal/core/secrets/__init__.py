from portal.core.secrets.masking import MARKER, Finding, Masked, marker, mask

__all__ = ["MARKER", "Finding", "Masked", "marker", "mask"]
