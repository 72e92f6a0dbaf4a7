const { createHmac, randomUUID } = require('node:crypto');

function helpToken(user, kid, secret, company) {
  const part = (data) => Buffer.from(JSON.stringify(data)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: company, aud: company, iat: now, exp: now + 120, jti: randomUUID(), ...user };
  const text = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
