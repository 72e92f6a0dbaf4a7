"""A name server of our own, asked over UDP as any other."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = dict[tuple[str, str], list[str]]  # (name, kind) → what it says


class NameServer:
    """`zone` may change while it runs; with `silent` it hears and says nothing, with `broken` it
    says that it can't."""

    def __init__(self) -> None:
        self.zone: Zone = {}
        self.silent = False
        self.broken = False
        self.asked: list[str] = []
        self.address = ""

    def says(self, name: str, kind: str, *values: str) -> None:
        self.zone[name, kind] = list(values)

    def answer(self, packet: bytes) -> bytes | None:
        query = dns.message.from_wire(packet)
        [question] = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{kind} {name}")
        if self.silent:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif not any(known == name for known, _kind in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif values := self.zone.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        return reply.to_wire()


@contextmanager
def serving() -> Iterator[NameServer]:
    server = NameServer()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            packet, door = self.request
            answer = server.answer(packet)
            if answer is not None:
                door.sendto(answer, self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Handler) as listening:
        server.address = f"127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
