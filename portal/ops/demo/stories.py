"""What happened, as a script: each ticket with its acts, in hours before now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Does = Literal[
    "agent",
    "ask",
    "solve",
    "customer",
    "note",
    "take",
    "severity",
    "confirm",
    "close",
    "snooze",
    "hand",  # at a builder's desk, to whom `text` names
    "pass_up",
    "above",  # the platform answers on what was passed up
    "above_solves",
    "send_back",
]


@dataclass(frozen=True, slots=True)
class Act:
    hours_ago: float
    does: Does
    who: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    hours_ago: float
    who: str
    subject: str
    text: str
    page: str = ""
    module: str = ""
    source: str = "in_app"
    channel: str = "in_app"
    intent: str = ""
    acts: Sequence[Act] = field(default=())
    errors: Sequence[str] = field(default=())


STORIES = (
    Story(
        0.3,
        "owner@acme.test",
        "Scheduling is down for the whole office",
        "Nobody can open the schedule since about ten minutes ago. The page stays white "
        "for everyone here and on the three sites. We have a concrete pour at noon and "
        "**the crews don't know where to go**.",
        page="https://app.platform.test/projects/482/schedule",
        module="scheduling",
        errors=("TypeError: tasks is undefined (schedule.js:214)",),
    ),
    Story(
        26,
        "pm@acme.test",
        "Estimate can't be sent to the client",
        "When I press *Send to client* on the Maple Street estimate I get an error and "
        "nothing goes out. Tried twice, in two browsers.",
        page="https://app.platform.test/projects/311/estimates/88",
        module="estimating",
        acts=(
            Act(
                25.2,
                "agent",
                "agent1",
                "Hello Paul, I see the error in the log of your two tries. I'm looking "
                "for its cause and will write again this afternoon.",
            ),
            Act(
                24.9,
                "note",
                "agent1",
                "PDF service refuses line items with an empty cost code. @Ben known?",
            ),
            Act(
                23.5,
                "ask",
                "agent1",
                "Paul, line 14 has no cost code, and that stops the PDF. Could you set "
                "one and send it again? We'll repair the error message on our side.",
            ),
        ),
    ),
    Story(
        3.5,
        "owner@birch.test",
        "Invoices show the wrong retainage",
        "Since the update our draw requests take 5 % instead of 10 % retainage. I can "
        "correct each one by hand, but there are forty of them.",
        page="https://app.platform.test/invoices",
        module="invoicing",
        acts=(Act(3.1, "take", "agent2"),),
    ),
    Story(
        50,
        "owner@cedar.test",
        "QuickBooks sync stopped after the weekend",
        "The sync has been failing since Saturday. The log says *token expired*, but "
        "connecting again gives the same error. Month-end closing is on Friday.",
        page="https://app.platform.test/settings/integrations",
        module="integrations",
        errors=("HTTP 401 from /integrations/quickbooks/refresh",),
        acts=(
            Act(
                49.8,
                "agent",
                "agent2",
                "Hello Cedric, thank you for the exact times. I can see the refused "
                "refreshes and have handed them to engineering. Next word from me today.",
            ),
            Act(
                46,
                "customer",
                "owner@cedar.test",
                "Thanks, Ben. It affects all four of our companies, in case that helps.",
            ),
            Act(
                44,
                "agent",
                "agent3",
                "It does help: the four share one connection, and its consent ran out on "
                "Saturday. We've extended the time we keep it. Please connect once more.",
            ),
            Act(
                30,
                "customer",
                "owner@cedar.test",
                "Connected, and everything came through.",
            ),
            Act(
                29,
                "solve",
                "agent3",
                "Good to hear. In short: the consent had expired and our message did not "
                "say so. It does now.",
            ),
        ),
    ),
    Story(
        7,
        "field@acme.test",
        "No puedo subir fotos desde la obra",
        "Desde esta mañana las fotos del parte diario se quedan cargando y al final sale "
        "un error. Con wifi sí funciona, con datos móviles no.",
        page="https://app.platform.test/m/projects/482/daily-log",
        module="daily_log",
        acts=(
            Act(
                6.6,
                "agent",
                "agent1",
                "Hola, Felipe: gracias por el detalle de la wifi, ayuda mucho. Lo estoy "
                "probando con datos móviles y te escribo hoy mismo.",
            ),
        ),
    ),
    Story(
        96,
        "owner@acme.test",
        "Please add a weekly view for the crew calendar",
        "It would be great to see one crew's whole week on a single page, to print it for"
        " the trailer.",
        page="https://app.platform.test/calendar",
        module="scheduling",
        acts=(
            Act(
                90,
                "agent",
                "agent1",
                "Hello Olive, that's a good idea. I've passed it to the product team and "
                "will tell you what they say.",
            ),
        ),
    ),
    Story(
        75,
        "pm@acme.test",
        "A column is cut off when I print the schedule",
        "Minor: the rightmost column of the Gantt chart is missing on paper, on Letter "
        "and on Legal.",
        page="https://app.platform.test/projects/482/schedule/print",
        module="scheduling",
        acts=(
            Act(
                73,
                "agent",
                "agent1",
                "Hello Paul, I can reproduce it. Printing at 90 % helps until it is "
                "repaired; I'll write when it is.",
            ),
            Act(
                20,
                "customer",
                "pm@acme.test",
                "90 % works for now, thanks.",
            ),
        ),
    ),
    Story(
        5,
        "owner@cedar.test",
        "Security review questionnaire for our insurer",
        "Our insurer asks for your SOC 2 report and the list of sub-processors by the end"
        " of the month. Who can send them?",
        intent="enterprise",
        acts=(
            Act(
                4.6,
                "agent",
                "agent2",
                "Hello Cedric, you'll have both tomorrow; our security team signs them off.",
            ),
        ),
    ),
    Story(
        40,
        "owner@birch.test",
        "Charged twice this month",
        "The card was charged on the 1st and again on the 3rd for the same plan. Please "
        "refund one of them.",
        source="email",
        channel="email",
        intent="billing",
        acts=(
            Act(
                38,
                "agent",
                "agent2",
                "Hello Bo, you're right, and I'm sorry. The second charge is refunded; it"
                " shows on your card within five days.",
            ),
            Act(
                37.9,
                "note",
                "agent2",
                "Double webhook from the card processor. @Chen worth a look.",
            ),
            Act(
                36,
                "solve",
                "agent2",
                "I've written down the cause and closed the gap.",
            ),
        ),
    ),
    Story(
        240,
        "owner@birch.test",
        "Locked out after changing my phone",
        "I have a new phone and can't get past the two-factor question.",
        intent="account-recovery",
        acts=(
            Act(
                239,
                "agent",
                "agent1",
                "Hello Bo, we've confirmed it's you by the callback and switched two-"
                "factor off. Please set it up again on the new phone.",
            ),
            Act(
                238.5,
                "solve",
                "agent1",
                "Access is restored.",
            ),
            Act(216, "close", "owner@birch.test"),
        ),
    ),
    Story(
        52,
        "owner@acme.test",
        "Change orders are missing from the weekly report",
        "The report of last week lists three change orders. There were five.",
        page="https://app.platform.test/projects/482/reports/weekly",
        module="change_orders",
        acts=(
            Act(
                50,
                "agent",
                "agent1",
                "Hello Olive, the two that are missing were approved on Sunday evening, and the "
                "report ends on Saturday. I can move its end to Sunday for you: shall I?",
            ),
            Act(49, "customer", "owner@acme.test", "Yes, please."),
            Act(
                26,
                "solve",
                "agent1",
                "Done: from this week on the report ends on Sunday at midnight, and I've sent you "
                "last week's again with all five.",
            ),
        ),
    ),
    Story(
        190,
        "pm@acme.test",
        "How do I copy a budget to a new project?",
        "Elm Street is nearly the same house as Maple Street. I'd rather not type the budget "
        "again.",
        page="https://app.platform.test/projects/490/budget",
        module="budget",
        acts=(
            Act(
                188,
                "agent",
                "agent1",
                "Hello Paul, open the budget of Maple Street and choose *Copy to…* in the menu at "
                "the top right. Quantities come along, actual costs don't.",
            ),
            Act(187.5, "customer", "pm@acme.test", "That's it, thank you."),
            Act(187.4, "solve", "agent1", "You're welcome."),
            Act(180, "close", "pm@acme.test"),
        ),
    ),
    Story(
        15,
        "pm@acme.test",
        "Import of cost codes stops at row 500",
        "The CSV import says it is done, but only the first 500 of 1,240 codes are there.",
        page="https://app.platform.test/settings/cost-codes/import",
        module="integrations",
        acts=(
            Act(
                14.5,
                "agent",
                "agent2",
                "Hello Paul, the import has a limit that nobody told you about. I'm "
                "asking engineering whether we can raise it for you.",
            ),
            Act(14.4, "snooze", "agent2"),
        ),
    ),
)
