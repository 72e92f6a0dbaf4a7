"""What clients and vendors asked their builders, and what the builders keep at hand."""

from portal.ops.demo.stories import Act, Story
from portal.policy.desk_rules import USUAL_WEEK, Rules

RULES = {
    "owner@acme.test": Rules(
        weekly={**USUAL_WEEK, "fri": "08:00-15:00"},
        holidays="US",
        respond={"urgent": "2h", "normal": "1 business day"},
        settle={"urgent": "2 business days", "normal": "10 business days"},
        tells_progress=True,
    ),
    "owner@cedar.test": Rules(
        weekly=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "07:00-19:00"),
        respond={"urgent": "1h", "normal": "8h"},
        passes_directly=True,
        tells_progress=True,
    ),
}

CANNED = {
    "owner@acme.test": (
        (
            "Book a visit",
            "We would like to look at it with you. Which of these suits you: tomorrow between 8 "
            "and 10, or Thursday between 1 and 3? Somebody should be at home.",
        ),
        (
            "Warranty papers",
            "Your warranty papers are in *Documents*, under **Handover**. What is covered for how "
            "long stands on page 2.",
        ),
        (
            "Gate and site access",
            "Please call the site lead a day before you deliver. The gate is open from 7:00; after "
            "16:00 nobody is there to take anything.",
        ),
    ),
}

STORIES = (
    Story(
        170,
        "client@birch.test",
        "How do I see the selections I have approved?",
        "I approved the kitchen tiles last week and would like to look at them again. "
        "Where do I find that?",
        page="https://portal.birch.test/selections",
        acts=(
            Act(
                168,
                "agent",
                "owner@birch.test",
                "Hello Bea, open *Selections* and choose **Approved** at the top. The tiles are "
                "under Kitchen.",
            ),
            Act(167, "customer", "client@birch.test", "Found them. Thank you!"),
            Act(166.5, "solve", "owner@birch.test", "You're welcome."),
        ),
    ),
    Story(
        12,
        "vendor@acme.test",
        "El portal de proveedores no acepta mi factura",
        "Subo la factura en PDF y dice que el archivo no es válido. Es el mismo formato de "
        "siempre. Mi número de cliente es el 4471.",
        page="https://portal.acme.test/vendor/invoices/new",
        intent="site-issue",
        acts=(
            Act(
                11,
                "pass_up",
                "owner@acme.test",
                "Two more vendors told us the same since Monday. Invoices sent before the weekend "
                "went through.",
            ),
            Act(9, "above", "agent2", "Hello Olive, we see it and are looking into the upload."),
        ),
    ),
    Story(
        30,
        "client@acme.test",
        "The progress photos don't load",
        "Only grey boxes where the photos should be, on my phone and on the computer.",
        page="https://portal.acme.test/progress",
        intent="site-issue",
        acts=(
            Act(29, "pass_up", "owner@acme.test", "Only this client so far."),
            Act(28, "above_solves", "agent1", "It's repaired. Could you ask her to look again?"),
            Act(27, "customer", "client@acme.test", "They're back. The framing looks wonderful."),
            Act(26.8, "solve", "pm@acme.test", "Enjoy the view."),
        ),
    ),
    Story(
        5,
        "client@acme.test",
        "Water is coming in at the bathroom window",
        "Since last night's rain there is water on the sill and the wall below is wet.",
        acts=(
            Act(4.5, "hand", "pm@acme.test", "field@acme.test"),
            Act(
                4.2,
                "agent",
                "field@acme.test",
                "Hello Clara, I'm at the Maple Street site and come by today before four. Please "
                "put a towel on the sill and leave the blind up.",
            ),
            Act(4, "note", "field@acme.test", "Flashing on the north side; bring the sealant."),
        ),
    ),
    Story(
        50,
        "client@acme.test",
        "Can we still change the kitchen tiles?",
        "We saw the grey ones at a friend's house and like them better than the white.",
        acts=(
            Act(
                46,
                "ask",
                "pm@acme.test",
                "Hello Clara, until Friday, yes. They cost a little more and arrive a week later. "
                "Shall I write it up as a change?",
            ),
        ),
    ),
    Story(
        74,
        "vendor@acme.test",
        "¿A qué hora se puede entregar el viernes?",
        "Llevamos la madera a Maple Street. ¿Hay alguien a primera hora?",
        acts=(
            Act(
                72,
                "solve",
                "field@acme.test",
                "Hola, Víctor: desde las siete hay alguien en la puerta. Llámame media hora antes.",
            ),
        ),
    ),
    Story(
        28,
        "client@acme.test",
        "My appointment shows an hour too late",
        "The walk-through is at nine, but here it says ten.",
        intent="site-issue",
        acts=(
            Act(27, "pass_up", "owner@acme.test", "She is in Chicago this week, if that helps."),
            Act(
                26,
                "send_back",
                "agent1",
                "Times are shown in the zone of the reader's account. Hers says New York; she can "
                "change it under Account.",
            ),
        ),
    ),
    Story(
        1.5,
        "client@birch.test",
        "When is the next walk-through?",
        "We would like to bring my parents along, if that is all right.",
    ),
)
