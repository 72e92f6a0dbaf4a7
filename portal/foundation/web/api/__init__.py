"""The JSON surface: how requests are read, refused and limited, and how they are described.

A blueprint made by `edge.blueprint()` takes JSON objects alone, names what is wrong with them as
problem details (RFC 9457) and is limited by token. flask-openapi parses by the models in a view's
signature and collects the description; the order of decorators is route, `requires`, `once`,
function.
"""
