"""The pages that are measured, and who asks for them."""

from itertools import cycle

from portal.foundation.ids import uuid7
from tests.bench.client import Answer, Client
from tests.bench.filling import AGENT, CUSTOMER, CUSTOMERS, OWNER, Filled, signed_in
from tests.bench.measuring import Ask
from tests.bench.stories import ASKED

QUEUE = "queue"
TICKET = "ticket"
CREATE = "create"
BY_FORM = f"{CREATE}: by form"
BY_API = f"{CREATE}: by API"
VIEWS = ("mine", "unassigned", "breaching", "all")
API = "/api/v1/support/tickets"
FORM = "/tickets/new"
SUBJECT = "The schedule stays empty"
SEVERITY = "P3"


class Readers:
    """An agent and a customer of one system, signed in, each with a kept connection."""

    def __init__(self, url: str, filled: Filled) -> None:
        agent, customer = signed_in(filled, [AGENT, CUSTOMER])
        self.agent = Client(url, cookies=agent)
        self.customer = Client(url, cookies=customer)
        self.numbers = filled.numbers

    def asks(self) -> dict[str, Ask]:
        asks = {f"{QUEUE}: {view}": _always(self.agent, f"/queue?view={view}") for view in VIEWS}
        asks[f"{TICKET}: the agent's"] = self._each(self.agent, "/desk/{}")
        asks[f"{TICKET}: the customer's"] = self._each(self.customer, "/tickets/{}")
        asks["list: the customer's"] = _always(self.customer, "/tickets")
        return asks

    def _each(self, client: Client, path: str) -> Ask:
        numbers = cycle(self.numbers)
        return lambda: client.get(path.format(next(numbers)))


class Writers:
    """Many customers, for each may write only so often, by their browsers and by programs."""

    def __init__(self, url: str, filled: Filled) -> None:
        owners = [OWNER.format(number) for number in range(CUSTOMERS)]
        browsers = [Client(url, cookies=cookies) for cookies in signed_in(filled, owners)]
        programs = [Client(url, {"Authorization": f"Bearer {one}"}) for one in filled.tokens]
        for browser in browsers:
            browser.get(FORM)  # which brings the token that a form is sent with
        self._browsers, self._programs = cycle(browsers), cycle(programs)

    def asks(self) -> dict[str, Ask]:
        return {BY_FORM: self._by_form, BY_API: self._by_api}

    def _by_form(self) -> Answer:
        fields = {
            "subject": SUBJECT,
            "body": ASKED,
            "severity": SEVERITY,
            "category": "scheduling",
            "module": "scheduling",
            "press": str(uuid7()),
            "with_context": "y",
        }
        return next(self._browsers).post(FORM, fields)

    def _by_api(self) -> Answer:
        fields = {"subject": SUBJECT, "description": ASKED, "severity": SEVERITY}
        return next(self._programs).post_json(API, fields, **{"Idempotency-Key": str(uuid7())})


def _always(client: Client, path: str) -> Ask:
    return lambda: client.get(path)
