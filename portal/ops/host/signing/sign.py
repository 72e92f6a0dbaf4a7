import base64, hashlib, hmac, json, secrets, time

def help_token(user, kid, secret, company):
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    now = int(time.time())
    claims = {"iss": company, "aud": company, "iat": now, "exp": now + 120,
              "jti": secrets.token_hex(16), **user}
    head = {"alg": "HS256", "typ": "JWT", "kid": kid}
    text = part(json.dumps(head).encode()) + "." + part(json.dumps(claims).encode())
    return text + "." + part(hmac.digest(secret.encode(), text.encode(), hashlib.sha256))
