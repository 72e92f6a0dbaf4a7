"""The help centre as files that `importing` reads back."""

from portal.kb.exporting.writing import Exported, export

__all__ = ["Exported", "export"]
