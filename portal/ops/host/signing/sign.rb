require 'base64'; require 'json'; require 'openssl'; require 'securerandom'

def help_token(user, kid, secret, company)
  part = ->(data) { Base64.urlsafe_encode64(data, padding: false) }
  now = Time.now.to_i
  claims = { iss: company, aud: company, iat: now, exp: now + 120, jti: SecureRandom.uuid, **user }
  text = "#{part.({ alg: 'HS256', typ: 'JWT', kid: kid }.to_json)}.#{part.(claims.to_json)}"
  "#{text}.#{part.(OpenSSL::HMAC.digest('SHA256', secret, text))}"
end
