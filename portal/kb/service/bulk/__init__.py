"""The same for many articles at once: first looked at, then done, and undone."""

from portal.kb.service.bulk.deeds import COLUMN, MOST, CannotUndo, Deed, chosen
from portal.kb.service.bulk.doing import apply, look
from portal.kb.service.bulk.undoing import undo

__all__ = ["COLUMN", "MOST", "CannotUndo", "Deed", "apply", "chosen", "look", "undo"]
