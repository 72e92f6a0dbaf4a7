"""Templates with the sentences of a language in them, and what is shown in place of a value.

A page says two hundred sentences. Templates are compiled once for each language, and `_('…')` is
translated then: what is always said costs nothing when a page is made. It shows seven hundred
values and calls three hundred macros, so that Jinja's questions at each of them are worth sparing.
What was compiled is kept on the disk (`compiled`), for the next start.
"""

from collections.abc import Callable, Iterable, MutableMapping
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.sansio.app import App
from flask.templating import Environment
from flask_babel import force_locale
from jinja2 import BytecodeCache, Template, nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner  # type: ignore[attr-defined]

from portal.foundation.speech import catalogue, language
from portal.foundation.web.compiled import Compiled

Keeping = Callable[[str], BytecodeCache]

_escaped: Callable[[str], str] = _escape_inner


def shown(value: Any) -> str:
    """As markupsafe's escape, in a tenth of its time: what goes straight into a page need not be
    made Markup. Whether it has HTML of its own is asked of its type: to look a lazy value up for
    that would be once too often."""
    kind = type(value)
    if kind is str:
        return _escaped(value)
    if kind is Markup or hasattr(kind, "__html__"):
        return str(value.__html__())
    return _escaped(str(value))


class _Code(CodeGenerator):
    """As Jinja's, which asks whatever is called whether it wants the context, each time anew: but
    for Jinja's own plurals nothing does."""

    @optimizeconst
    def visit_Call(  # noqa: N802  Jinja's name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if self._wants_context(node.node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        whole, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), whole
        self.write(f"({arguments.removeprefix(', ')})")

    def _wants_context(self, called: nodes.Expr) -> bool:
        known = self.environment.globals
        return isinstance(called, nodes.Name) and hasattr(known.get(called.name), "jinja_pass_arg")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


def init_app(app: Flask, kept: Path) -> None:
    app.jinja_environment = Spoken
    environment = cast(Spoken, app.jinja_env)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.keep(partial(Compiled, kept))


def compile_all(app: Flask, languages: Iterable[str]) -> None:
    """Beforehand, so that nobody waits for it: a page's templates take a tenth of a second."""
    for spoken in languages:
        with app.test_request_context(), force_locale(spoken):
            for name in app.jinja_env.list_templates(["html", "txt"]):
                app.jinja_env.get_template(name)


class Spoken(Environment):
    """As Flask's, with the compiled templates of each language kept apart."""

    code_generator_class = _Code
    shown = staticmethod(shown)

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._languages: dict[str, Spoken] = {}
        self._kept: Keeping | None = None

    def keep(self, kept: Keeping) -> None:
        """`kept` gives the place of a language's compiled templates."""
        self._kept = kept

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        if self.overlayed:  # by which a template loads those that it is made of
            return super().get_template(name, parent, globals)
        return self._of_reader().get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict: each import of a template looks through its keys."""
        return {**self.globals, **d} if d else self.globals

    def _of_reader(self) -> "Spoken":
        spoken = language()
        if spoken not in self._languages:
            kept = self._kept(spoken) if self._kept else None
            self._languages[spoken] = self.overlay(bytecode_cache=kept)
        return self._languages[spoken]

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        """Jinja's hook for another way from a template's tree to its code."""
        escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        translated: nodes.Template = _Translator(Markup if escapes else str).visit(source)
        translated.set_environment(self)
        return super()._generate(translated, name, filename, defer_init)


class _Translator(NodeTransformer):
    """Puts the translation in the place of `_('…')`; what is filled in is filled in later."""

    def __init__(self, trusted: type[str]) -> None:
        self._gettext = catalogue().gettext
        self._trusted = trusted  # our own texts need no escaping, unlike what is filled in

    def visit_Call(self, call: nodes.Call) -> nodes.Expr:  # noqa: N802  Jinja's name
        self.generic_visit(call)
        sentence = _sentence(call)
        if sentence is None:
            return call
        found = self._trusted(self._gettext(sentence))
        if call.kwargs:
            values = [nodes.Pair(nodes.Const(one.key), one.value) for one in call.kwargs]
            return nodes.Mod(nodes.Const(found), nodes.Dict(values), lineno=call.lineno)
        return nodes.Const(found % {} if "%" in found else found, lineno=call.lineno)


def _sentence(call: nodes.Call) -> str | None:
    match call:
        case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(sentence))]):
            return sentence
    return None
