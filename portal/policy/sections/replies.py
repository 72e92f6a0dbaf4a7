"""[[templates]], [[stages]], [[checklist]], [wording]: what is said, and how far along one is."""

from collections.abc import Collection

from portal.core.templates import placeholders
from portal.policy.pack import AUTOMATIC, MARKS, Check, Stage, Template
from portal.policy.phrases import GAPS
from portal.policy.reading import Table
from portal.policy.sections.routes import read_field
from portal.policy.text import Text

KINDS = ("reply", "canned", "incident")


def read_templates(root: Table) -> dict[str, Template]:
    templates = [_template(table) for table in root.keyed("templates")]
    return {template.key: template for template in templates}


def _template(table: Table) -> Template:
    template = Template(
        key=table.own_key(),
        name=table.words("name"),
        when=table.words("when"),
        body=table.words("body"),
        kind=table.choice("kind", KINDS, "reply"),
        fields=tuple(read_field(row) for row in table.keyed("fields")),
    )
    fields = [field.key for field in template.fields]
    for language, body in template.body.words:
        gaps = placeholders(body)
        for gap in gaps:
            if gap not in fields and gap not in AUTOMATIC:
                known = ", ".join([*fields, *AUTOMATIC])
                table.complain(f"body.{language}", f"nothing fills {{{gap}}}; known are {known}")
        for key in fields:
            if body and key not in gaps:
                table.complain(f"body.{language}", f"the field {{{key}}} does not appear")
    table.close()
    return template


def read_stages(
    root: Table, categories: Collection[str], plans: Collection[str]
) -> tuple[Stage, ...]:
    stages = []
    for table in root.keyed("stages"):
        stages.append(
            Stage(
                key=table.own_key(),
                name=table.words("name"),
                text=table.words("text"),
                reached_by=table.refs("reached_by", MARKS, "mark"),
                categories=table.refs("categories", categories, "category"),
                plans=table.refs("plans", plans, "plan"),
            )
        )
        if not table.raw.get("reached_by"):
            table.complain("reached_by", f"missing; write one or more of {', '.join(MARKS)}")
        table.close()
    if not stages:
        root.complain("stages", "missing; write at least one [[stages]], the first one first")
    return tuple(stages)


def read_checklist(root: Table) -> tuple[Check, ...]:
    checks = []
    for table in root.keyed("checklist"):
        checks.append(
            Check(table.own_key(), table.words("text"), table.refs("done_by", MARKS, "mark"))
        )
        table.close()
    return tuple(checks)


def read_wording(root: Table) -> dict[str, Text]:
    table = root.table("wording")
    if not root.has("wording"):
        root.complain("wording", 'missing; begin the file with extends = "common", which brings it')
        return dict.fromkeys(GAPS, Text.of(""))
    wording = {}
    for key, gaps in GAPS.items():
        wording[key] = table.words(key)
        for language, text in wording[key].words:
            for gap in set(placeholders(text)) - gaps:
                known = ", ".join(sorted(gaps)) or "none"
                table.complain(f"{key}.{language}", f"nothing fills {{{gap}}}; known are {known}")
    table.close()
    return wording
