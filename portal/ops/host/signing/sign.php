<?php
function help_token(array $user, string $kid, string $secret, string $company): string {
  $part = fn(string $data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
  $now = time();
  $claims = ['iss' => $company, 'aud' => $company, 'iat' => $now, 'exp' => $now + 120,
             'jti' => bin2hex(random_bytes(16)), ...$user];
  $head = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $kid];
  $text = $part(json_encode($head)) . '.' . $part(json_encode($claims));
  return $text . '.' . $part(hash_hmac('sha256', $text, $secret, true));
}
