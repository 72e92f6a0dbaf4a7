"""The import contracts stand in pyproject.toml; here is what they can't say themselves."""

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "portal" / "core"
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}


def contracts() -> list[dict[str, object]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts: list[dict[str, object]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return contracts


def test_every_feature_is_held_to_the_layers_inside_it():
    (inside,) = [one for one in contracts() if str(one["name"]).startswith("Inside a feature")]
    features = {f"portal.{init.parent.name}" for init in (ROOT / "portal").glob("*/__init__.py")}
    features -= {"portal.core", "portal.foundation"}
    missing = features - set(inside["containers"])
    assert not missing, f"add {sorted(missing)} to its containers in [tool.importlinter]"


def test_the_core_imports_only_the_standard_library_and_itself():
    for path in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            for name in imported(node):
                root = name.partition(".")[0]
                pure = root in sys.stdlib_module_names or name.startswith("portal.core")
                assert pure, f"{path.name}:{node.lineno} imports {name}: pass it in instead"


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def test_only_the_clock_module_reads_the_clock():
    """The supervisor and its kin measure how long something takes, with time.monotonic()."""
    allowed = {
        "foundation/clock.py",
        "foundation/ids.py",
        "ops/clock.py",
        "ops/host/signing/sign.py",
    }
    for path in (ROOT / "portal").rglob("*.py"):
        if str(path.relative_to(ROOT / "portal")) in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            assert not reads_clock(node), f"{path}:{node.lineno} reads the clock: take `at`"


def reads_clock(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return (name, node.func.attr) in CLOCKS
