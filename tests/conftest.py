"""Nothing but which fixtures there are; they live in tests/fixtures, a subject a file."""

pytest_plugins = [  # each after those that it imports, so that their assertions explain themselves
    "tests.fixtures.database",
    "tests.fixtures.postgres",
    "tests.fixtures.prepared",
    "tests.fixtures.live",
    "tests.fixtures.browser",
    "tests.fixtures.chance",
    "tests.fixtures.disk",
    "tests.fixtures.order",
    "tests.fixtures.passwords",
    "tests.fixtures.valkey",
    "tests.fixtures.world",
    "tests.fixtures.programs",
    "tests.fixtures.premises",
]
