"""What people do with their accounts, a noun a module; here is what others need of them."""

from portal.accounts.service.actors import actor, actor_of_login
from portal.accounts.service.passwords import hash_password
from portal.accounts.service.people import add_builder, add_member
from portal.accounts.service.preferences import LOCALES
from portal.accounts.service.signing_in import (
    SignInRefused,
    SignOnDemanded,
    begin_login,
    start_login,
)
from portal.accounts.service.tokens import UnknownAccount, create_token

__all__ = [
    "LOCALES",
    "SignInRefused",
    "SignOnDemanded",
    "UnknownAccount",
    "actor",
    "actor_of_login",
    "add_builder",
    "add_member",
    "begin_login",
    "create_token",
    "hash_password",
    "start_login",
]
