from portal.foundation.markup.html import render
from portal.foundation.markup.mentions import mentions_in
from portal.foundation.markup.plain import plain
from portal.foundation.markup.quotes import Folded, fold_quotes

__all__ = ["Folded", "fold_quotes", "mentions_in", "plain", "render"]
