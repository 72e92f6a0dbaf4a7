"""A real OpenID Connect provider on a free local port: Authlib's own server, with its sign-in page.

    with OidcProvider() as provider:
        provider.register("corbel", "a secret", [callback])
        provider.people["ana"] = Person("ana", "ana@acme.test")
        provider.twist(iss="https://evil.example")   # from here on its ID tokens lie

It speaks the authorization code flow with PKCE, publishes its keys and changes them, and says at a
userinfo endpoint what scopes allow. What a hostile one would do is a twist of the same provider.
"""

import json
import os
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType
from typing import Any, Self

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, TokenMixin
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, redirect, render_template_string, request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
RSA = [RSAKey.generate_key(2048, {"kid": f"rsa-{n}", "use": "sig"}) for n in range(2)]
EC = ECKey.generate_key("P-256", {"kid": "ec-0", "use": "sig"})
PAGE = """<!doctype html><html lang="en"><head><title>Sign in at the provider</title></head><body>
<h1>Who are you?</h1><form method="post">
{% for key, person in people %}<label><input type="radio" name="person" value="{{ key }}"
 {% if loop.first %}checked{% endif %}> {{ person.email }}</label><br>{% endfor %}
<button name="consent" value="yes">Continue</button>
<button name="consent" value="no">Refuse</button>
</form></body></html>"""


@dataclass
class Person:
    subject: str
    email: str = ""
    email_verified: Any = True
    claims: dict[str, Any] = field(default_factory=dict)

    def get_user_id(self) -> str:
        return self.subject

    def info(self) -> dict[str, Any]:
        said: dict[str, Any] = {"sub": self.subject, **self.claims}
        if self.email:
            said |= {"email": self.email, "email_verified": self.email_verified}
        return said


@dataclass
class Client(ClientMixin):
    client_id: str
    secret: str
    redirect_uris: list[str]
    methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uris[0]

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in self.methods

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    person: Person

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> str:
        return ""

    def get_amr(self) -> list[str]:
        return []


@dataclass
class Token(TokenMixin):
    scope: str
    person: Person

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False

    def get_user(self) -> Person:
        return self.person


class Quiet(WSGIRequestHandler):
    def log(self, *args: object) -> None:
        pass


class OidcProvider:
    """`seen` is what it was asked: (method, path, form and query)."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.clients: dict[str, Client] = {}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Token] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.key: Any = RSA[0]
        self.alg = "RS256"
        self.published: list[Any] = [RSA[0], EC]
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.answers: dict[str, Callable[[], Any]] = {}  # by path, in place of its own
        self.email_in_token = True
        self._server = make_server("127.0.0.1", 0, _app(self), threaded=True, request_handler=Quiet)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # of its server part: it stands on loopback
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del os.environ["AUTHLIB_INSECURE_TRANSPORT"]
        self._server.shutdown()
        self._server.server_close()

    def register(self, client_id: str, secret: str, redirect_uris: list[str]) -> Client:
        self.clients[client_id] = Client(client_id, secret, redirect_uris)
        return self.clients[client_id]

    def twist(self, **claims: Any) -> None:
        """What its ID tokens say instead; None leaves a claim out."""
        self.claims |= claims

    def rotate(self) -> None:
        self.key, self.published = RSA[1], [RSA[1], EC]

    def asked(self, path: str) -> int:
        return sum(one[1] == path for one in self.seen)

    def sign(self, claims: Mapping[str, Any], secret: str = "") -> str:
        """`secret` is the client's, for a token that is signed with it."""
        header = {"alg": self.alg, "kid": self.key.kid, **self.header}
        key = OctKey.import_key(secret) if self.alg == "HS256" else self.key
        said = {name: value for name, value in claims.items() if value is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that nobody should sign so is what is tried
            return jwt.encode(header, said, None if self.alg == "none" else key, [self.alg])

    def logout_token(self, client_id: str, **claims: Any) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "aud": client_id,
            "iat": now,
            "exp": now + 120,
            "jti": f"logout-{now}",
            "events": {LOGOUT_EVENT: {}},
        }
        return self.sign(said | claims)


def _app(provider: OidcProvider) -> Flask:
    app = Flask("provider")
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 3600}

    @app.before_request
    def note() -> Any:
        provider.seen.append((request.method, request.path, request.values.to_dict()))
        return provider.answers.get(request.path, lambda: None)()

    _tell_of_itself(app, provider)
    _sign_people_in(app, provider)
    return app


def _tell_of_itself(app: Flask, provider: OidcProvider) -> None:
    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        issuer = provider.issuer
        said = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
        }
        said |= provider.discovery
        return jsonify({key: value for key, value in said.items() if value is not None})

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(KeySet(list(provider.published)).as_dict(private=False))


def _sign_people_in(app: Flask, provider: OidcProvider) -> None:
    server = AuthorizationServer(app, provider.clients.get, _saving(provider))
    server.register_grant(
        _grant(provider), [CodeChallenge(required=True), _tokens(provider)(require_nonce=True)]
    )
    protector = ResourceProtector()
    protector.register_token_validator(_validator(provider)())

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        try:
            grant = server.get_consent_grant(end_user=None)
        except OAuth2Error as error:
            return server.handle_error_response(None, error)
        if request.method == "GET":
            return render_template_string(PAGE, people=provider.people.items())
        person = provider.people.get(request.form["person"])
        chosen = person if request.form["consent"] == "yes" else None
        return server.create_authorization_response(grant_user=chosen, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    @protector("openid")
    def userinfo() -> Response:
        return jsonify(current_token.get_user().info())


def _saving(provider: OidcProvider) -> Callable[[dict[str, Any], Any], None]:
    def save(token: dict[str, Any], asked: Any) -> None:
        provider.tokens[token["access_token"]] = Token(token["scope"], asked.user)

    return save


def _grant(provider: OidcProvider) -> type[grants.AuthorizationCodeGrant]:
    class Grant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

        def save_authorization_code(self, code: str, asked: Any) -> None:
            data = asked.payload.data
            provider.codes[code] = Code(
                code,
                asked.client.client_id,
                data["redirect_uri"],
                data["scope"],
                data["nonce"],
                data["code_challenge"],
                data["code_challenge_method"],
                asked.user,
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            found = provider.codes.get(code)
            return found if found and found.client_id == client.client_id else None

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> Person:
            return authorization_code.person

    return Grant


def _tokens(provider: OidcProvider) -> type[OpenIDCode]:
    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, asked: Any) -> bool:
            return any(code.nonce == nonce for code in provider.codes.values())

        def encode_id_token(self, token: dict[str, Any], asked: Any) -> str:
            now = int(time.time())
            info = asked.user.info()
            if not provider.email_in_token:
                info = {"sub": info["sub"]}
            claims = {
                "iss": provider.issuer,
                "aud": asked.client.client_id,
                "iat": now,
                "exp": now + 600,
                **self.get_authorization_code_claims(asked.authorization_code),
                **info,
                **provider.claims,
            }
            return provider.sign(claims, asked.client.secret)

    return Tokens


def _validator(provider: OidcProvider) -> type[BearerTokenValidator]:
    class Validator(BearerTokenValidator):
        def authenticate_token(self, token_string: str) -> Token | None:
            return provider.tokens.get(token_string)

    return Validator


def no_json() -> Response:
    return Response("<html>Bad gateway</html>", 200)


def broken() -> Response:
    return Response(json.dumps({"error": "server_error"}), 500, content_type="application/json")


def elsewhere() -> Any:
    return redirect("http://127.0.0.1:1/token", 307)


def huge() -> Response:
    return Response(b'{"a": "' + b"x" * 2_000_000 + b'"}', content_type="application/json")
