from portal.core.secrets.masking import MARKER, Finding, Masked, fingerprint, marker, mask

__all__ = ["MARKER", "Finding", "Masked", "fingerprint", "marker", "mask"]
