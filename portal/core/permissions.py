"""Who may do what: one table of roles and grants, one of how far each role sees.

Every route names a `Permission`; every query of tickets goes through `Reach`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    PM = "pm"
    FIELD = "field"
    CLIENT = "client"
    VENDOR = "vendor"
    GUEST = "guest"  # wrote without an account; sees one ticket, by its signed link
    AGENT = "agent"
    MANAGER = "manager"
    PLATFORM_ADMIN = "platform_admin"
    SYSTEM = "system"


class Desk(StrEnum):
    """Who answers a ticket: the platform its builders, or a builder its clients and vendors."""

    PLATFORM = "platform"
    BUILDER = "builder"


class Reach(StrEnum):
    """Which tickets a role knows of, at which desk."""

    PLATFORM = "platform"  # the platform's desk, whoever asked
    COMPANY = "company"  # all that is the company's, at both desks
    TEAM = "team"  # the company's own desk, and what the person asked the platform
    GIVEN = "given"  # what the person was given at the company's desk, or asked the platform
    OWN = "own"  # what the person asked the builder


class Permission(StrEnum):
    USE_ACCOUNT = "use_account"
    READ_HELP = "read_help"  # articles, videos and the help of a screen, as a program
    SEE_TICKETS = "see_tickets"
    CREATE_TICKETS = "create_tickets"
    REPLY_TO_TICKETS = "reply_to_tickets"
    SETTLE_TICKETS = "settle_tickets"  # resolve, close or reopen a ticket in reach
    WORK_TICKETS = "work_tickets"  # the agent workspace: notes, severity, assignment
    ASSIGN_OTHERS = "assign_others"
    SIMULATE_POLICY = "simulate_policy"
    GRANT_EMERGENCY_WINDOWS = "grant_emergency_windows"
    SEE_OPERATIONS = "see_operations"  # mailbox, deliveries, dead letters
    USE_TOKENS = "use_tokens"  # personal tokens for the API
    WORK_DESK = "work_desk"  # the builder's own desk
    RUN_DESK = "run_desk"  # its hours, targets and rules
    ESCALATE = "escalate"  # pass a portal user's ticket up to the platform
    MANAGE_BRAND = "manage_brand"  # the builder's look, domains and mail identity
    MANAGE_TEAM = "manage_team"  # people of the company, invites, single sign-on
    MANAGE_KEYS = "manage_keys"  # by which the builder's server signs for the widget
    MANAGE_PRIVACY = "manage_privacy"  # export, erasure, retention
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"  # the platform's people, and how they sign in
    WRITE_ARTICLES = "write_articles"  # drafts of help, and what readers look for in vain
    PUBLISH_ARTICLES = "publish_articles"  # lets readers see it, and takes it away again
    MANAGE_GUIDANCE = "manage_guidance"  # which screen is which, tooltips, tours, synonyms
    MANAGE_WIDGET = "manage_widget"  # where a builder's "?" may stand, and for whom
    TAKE_PART = "take_part"  # write, vote and follow in the community
    EDIT_TITLES = "edit_titles"  # of what others wrote in the forum
    MODERATE = "moderate"  # verify answers, pin, lock, move, take away and give back
    SEE_PLANS = "see_plans"  # what of the roadmap is internal
    RUN_ROADMAP = "run_roadmap"
    WRITE_NEWS = "write_news"  # notes of what is new, and publish them
    MANAGE_BACKLOG = "manage_backlog"  # the tracker of those who build, to which ideas go
    RUN_IDEAS = "run_ideas"  # say what becomes of ideas, and join those that are one
    RESTRICT_MEMBERS = "restrict_members"  # keep somebody out for a while, and hear their appeal
    MANAGE_COMMUNITY = "manage_community"  # a builder's name in it, and what its portal shows of it


class Scope(StrEnum):
    """What a personal token may do of what its person may; each operation of the API names one."""

    READ_TICKETS = "tickets:read"
    WRITE_TICKETS = "tickets:write"
    READ_HELP = "help:read"
    WRITE_HELP = "help:write"  # say whether an article helped
    READ_COMMUNITY = "community:read"
    WRITE_COMMUNITY = "community:write"


_EVERYONE = frozenset(
    {
        Permission.USE_ACCOUNT,
        Permission.READ_HELP,
        Permission.SEE_TICKETS,
        Permission.CREATE_TICKETS,
        Permission.REPLY_TO_TICKETS,
        Permission.SETTLE_TICKETS,
    }
)
_BUILDER = _EVERYONE | {Permission.USE_TOKENS, Permission.WORK_DESK, Permission.TAKE_PART}
_BUILDER_ADMIN = _BUILDER | {
    Permission.RUN_DESK,
    Permission.ESCALATE,
    Permission.MANAGE_BRAND,
    Permission.MANAGE_TEAM,
    Permission.MANAGE_KEYS,
    Permission.MANAGE_WIDGET,
    Permission.MANAGE_PRIVACY,
    Permission.MANAGE_COMMUNITY,
    Permission.SEE_AUDIT,
}
_GUEST = frozenset(
    {
        Permission.READ_HELP,
        Permission.CREATE_TICKETS,
        Permission.REPLY_TO_TICKETS,
        Permission.SETTLE_TICKETS,
    }
)
_AGENT = _EVERYONE | {
    Permission.WORK_TICKETS,
    Permission.SIMULATE_POLICY,
    Permission.USE_TOKENS,
    Permission.WRITE_ARTICLES,
    Permission.TAKE_PART,
    Permission.EDIT_TITLES,
    Permission.MODERATE,
    Permission.SEE_PLANS,
}
_MANAGER = _AGENT | {
    Permission.ASSIGN_OTHERS,
    Permission.PUBLISH_ARTICLES,
    Permission.MANAGE_GUIDANCE,
    Permission.GRANT_EMERGENCY_WINDOWS,
    Permission.SEE_OPERATIONS,
    Permission.RUN_IDEAS,
    Permission.WRITE_NEWS,
    Permission.RESTRICT_MEMBERS,
}
_PLATFORM_ADMIN = _MANAGER | {
    Permission.MANAGE_STAFF,
    Permission.MANAGE_BACKLOG,
    Permission.RUN_ROADMAP,
    Permission.MANAGE_PRIVACY,
    Permission.SEE_AUDIT,
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: _BUILDER_ADMIN,
    Role.ADMIN: _BUILDER_ADMIN,
    Role.PM: _BUILDER,
    Role.FIELD: _BUILDER,
    Role.CLIENT: _EVERYONE,
    Role.VENDOR: _EVERYONE,
    Role.GUEST: _GUEST,
    Role.AGENT: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.PLATFORM_ADMIN: _PLATFORM_ADMIN,
    Role.SYSTEM: frozenset(Permission),
}

REACH: Mapping[Role, Reach] = {
    Role.OWNER: Reach.COMPANY,
    Role.ADMIN: Reach.COMPANY,
    Role.PM: Reach.TEAM,
    Role.FIELD: Reach.GIVEN,
    Role.CLIENT: Reach.OWN,
    Role.VENDOR: Reach.OWN,
    Role.GUEST: Reach.OWN,
    Role.AGENT: Reach.PLATFORM,
    Role.MANAGER: Reach.PLATFORM,
    Role.PLATFORM_ADMIN: Reach.PLATFORM,
    Role.SYSTEM: Reach.PLATFORM,
}

WORKING_AT: Mapping[Desk, Permission] = {
    Desk.PLATFORM: Permission.WORK_TICKETS,
    Desk.BUILDER: Permission.WORK_DESK,
}

STAFF = frozenset({Role.AGENT, Role.MANAGER, Role.PLATFORM_ADMIN})
PORTAL = frozenset({Role.CLIENT, Role.VENDOR})
IN_CHARGE = frozenset({Role.OWNER, Role.ADMIN})  # of a builder's company
BUILDER_STAFF = frozenset({Role.OWNER, Role.ADMIN, Role.PM, Role.FIELD})


class Forbidden(PermissionError):
    """The actor's role lacks the permission."""

    def __init__(self, role: Role, permission: Permission) -> None:
        super().__init__(f"{role} may not {permission}")
        self.role = role
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it. The system has no user; staff have no builder. `earned` is what somebody may do
    in the community beyond their role, by their standing there."""

    role: Role
    user_id: UUID | None = None
    builder_id: UUID | None = None
    agent_id: UUID | None = None  # staff who take tickets
    name: str = ""
    email: str = ""
    locale: str = "en"
    zone: str = "UTC"
    builder_name: str = ""
    builder_slug: str = ""
    plan: str = ""
    earned: frozenset[Permission] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_portal_user(self) -> bool:
        return self.role in PORTAL

    @property
    def reach(self) -> Reach:
        return REACH[self.role]

    @property
    def asks(self) -> Desk:
        """Which desk answers what the actor asks: a guest's, whose page it was asked at."""
        at_portal = self.role is Role.GUEST and self.builder_id is not None
        return Desk.BUILDER if self.is_portal_user or at_portal else Desk.PLATFORM

    def answers(self, desk: str) -> bool:
        """Whether the actor works at the desk, and so reads and writes what is internal there."""
        return self.may(WORKING_AT[Desk(desk)])

    def require_to_answer(self, desk: str) -> None:
        self.require(WORKING_AT[Desk(desk)])

    @property
    def sees_company(self) -> bool:
        return self.reach is Reach.COMPANY

    def belongs_to(self, portal: UUID | None) -> bool:
        """Whether this is where the actor signs in: a builder's portal, or the platform (None).

        Clients and vendors never meet the platform, and nobody else a portal as themselves."""
        return portal == (self.builder_id if self.is_portal_user else None)

    def may(self, permission: Permission) -> bool:
        return permission in GRANTS[self.role] or permission in self.earned

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            raise Forbidden(self.role, permission)


SYSTEM = Actor(role=Role.SYSTEM, name="Corbel")
