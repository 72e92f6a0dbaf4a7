from portal.foundation.markup.html import kept, render
from portal.foundation.markup.mentions import mentions_in
from portal.foundation.markup.plain import plain
from portal.foundation.markup.quotes import Folded, fold_quotes

__all__ = ["Folded", "fold_quotes", "kept", "mentions_in", "plain", "render"]
