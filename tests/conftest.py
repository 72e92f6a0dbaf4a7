"""Nothing but which fixtures there are; they live in tests/fixtures, a subject a file."""

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.chance",
    "tests.fixtures.database",
    "tests.fixtures.live",
    "tests.fixtures.order",
    "tests.fixtures.passwords",
    "tests.fixtures.postgres",
    "tests.fixtures.valkey",
    "tests.fixtures.world",
    "tests.fixtures.programs",
    "tests.fixtures.premises",
]
