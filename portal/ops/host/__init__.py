"""A construction platform that is none: the page around the help widget, on an origin of its own.

It shares nothing with the product but the key that its builder was given.
"""
