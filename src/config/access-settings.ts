/** The settings that say who may read the API, and how it is protected on its way. */

import { define } from './setting-definition.ts';

export const ACCESS_SETTINGS = define({
  TLS_CERT: {
    group: 'api',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'a file with the certificate of the API',
    meaning:
      'A PEM file with the certificate of the API, and behind it those that lead to its root. With it and `TLS_KEY`, the API speaks HTTPS on `PORT`, TLS 1.2 and 1.3, and nothing else. daymark looks at both files every second, and takes new ones when neither has changed for a second; connections that are open go on. Files that cannot be used are reported (`FILE_REFUSED`), and the certificate from before stays. `METRICS_PORT` has no TLS.',
    example: '/etc/letsencrypt/live/stats.example.com/fullchain.pem',
  },
  TLS_KEY: {
    group: 'api',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'a file with the private key of TLS_CERT',
    meaning: 'A PEM file with the private key of `TLS_CERT`, not encrypted. Set both, or neither.',
    example: '/etc/letsencrypt/live/stats.example.com/privkey.pem',
  },
  AUTH: {
    group: 'api',
    kind: 'choice',
    choices: ['off', 'keys', 'jwt', 'keys,jwt'],
    default: 'off',
    placeholder: 'ways',
    summary: 'who may read the API',
    meaning:
      'How clients of the API say who they are. `keys`: by a key that `daymark keys create` made. `jwt`: by a JWT of your identity provider. `keys,jwt`: by either. A customer then reads its own numbers only. `off`: everybody who reaches the API reads everything; that is refused if `HOST` is not an address of this machine alone, unless `INSECURE_NO_AUTH` insists. `docs/access.md` explains it.',
    example: 'keys',
  },
  INSECURE_NO_AUTH: {
    group: 'api',
    kind: 'choice',
    choices: ['off', 'on'],
    default: 'off',
    placeholder: 'on|off',
    summary: 'open the API to a network without keys',
    meaning:
      '`on`: with `AUTH=off`, the API may listen on an address that other machines reach. Everybody who reaches it can read the numbers of all customers. Use it only if something else keeps others away. With any other `AUTH` it has no effect.',
    example: 'on',
  },
  SESSION_DURATION: {
    group: 'api',
    kind: 'duration',
    default: 'PT12H',
    placeholder: 'duration',
    summary: 'how long a browser stays signed in',
    meaning:
      'How long a session lasts that somebody begins on the page with a key or a JWT: an ISO 8601 duration (`PT12H`, `P7D`) or a number of seconds, from a minute to 31 days. It never lasts longer than the key or the JWT, and ends within a second when the key is revoked. It counts from the sign-in, and use does not lengthen it.',
    example: 'P7D',
  },
  TRUSTED_PROXIES: {
    group: 'api',
    kind: 'networks',
    default: undefined,
    placeholder: 'addresses',
    summary: 'the proxies before the API',
    meaning:
      'The addresses and networks of the proxies before the API, separated by commas. Of a request that comes from one of them, the address of the client is the last one in `X-Forwarded-For` that is not in this list: `RATE_LIMIT_PER_MINUTE` and the limit of wrong keys count it. The proxy must add that address. If one of them says `X-Forwarded-Proto: https`, the cookie of a session is sent over HTTPS only. Unset: the address of the connection counts, and `X-Forwarded-For`, which everybody can send, says nothing. `docs/proxies.md` has configurations of proxies.',
    example: '127.0.0.1,10.0.0.0/8',
  },
  EVERYONE_MIN_CUSTOMERS: {
    group: 'api',
    kind: 'integer',
    default: 10,
    unit: 'customers',
    min: 0,
    max: 1_000_000_000,
    placeholder: 'customers',
    summary: 'how many hide each other in everybody’s numbers',
    meaning:
      'How many customers, 3 or more, must have requests on each day of a range that has any, before the key of a customer gets `everyone` in its summary: the percentages and durations of all customers together, rounded. Of two customers, each could compute the numbers of the other. If one of your customers sends most of all requests, everybody’s numbers are nearly those of that one, whatever their number: then set 0. 0: the key of a customer never gets them. Admins always get them, exactly.',
    example: '50',
  },
  EMBED_ANCESTORS: {
    group: 'api',
    kind: 'origins',
    default: undefined,
    placeholder: 'origins',
    summary: 'the sites that may show a customer in a frame',
    meaning:
      'The exact origins, separated by commas, of the pages that may show `/embed`, the page of one customer, in a frame (`frame-ancestors`), and that may send it new tokens. No other page of daymark may ever stand in a frame. Unset: `/embed` is not there. Only customers that have `public` in the file of `CUSTOMERS_FILE` can be shown in this way. `docs/sharing.md` explains it.',
    example: 'https://portal.example.com',
  },
  JWT_ISSUER: {
    group: 'api',
    kind: 'text',
    default: undefined,
    placeholder: 'issuer',
    summary: 'the `iss` of JWTs that are accepted',
    meaning: 'The issuer (`iss`) of the JWTs that are accepted, exactly. Needed for `AUTH=jwt`.',
    example: 'https://login.example.com/',
  },
  JWT_AUDIENCE: {
    group: 'api',
    kind: 'text',
    default: undefined,
    placeholder: 'audience',
    summary: 'the `aud` of JWTs that are accepted',
    meaning:
      'The audience (`aud`) that a JWT must be for. Needed for `AUTH=jwt`: without it, a token for any other service of yours would count.',
    example: 'https://stats.example.com',
  },
  JWT_JWKS_URL: {
    group: 'api',
    kind: 'text',
    default: undefined,
    placeholder: 'url',
    summary: 'where the public keys of JWTs are',
    meaning:
      'Where your identity provider publishes its public keys (JWKS). daymark asks for them when it needs them, keeps them for 10 minutes, and asks again for a key id that it does not know, at most every 30 seconds. For `AUTH=jwt`, set exactly one of this, `JWT_JWKS_FILE` and `JWT_SECRET_FILE`.',
    example: 'https://login.example.com/.well-known/jwks.json',
  },
  JWT_JWKS_FILE: {
    group: 'api',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'a file with the public keys of JWTs',
    meaning:
      'A file with the public keys (JWKS). daymark takes a changed file when it has rested for a second.',
    example: '/etc/daymark/jwks.json',
  },
  JWT_SECRET_FILE: {
    group: 'api',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'a file with the HS256 secret of JWTs',
    meaning:
      'A file with the secret with which JWTs are signed by HS256: at least 32 bytes. A newline at its end is no part of it. daymark takes a changed file when it has rested for a second. The secret is in a file because others can see arguments and environments of processes.',
    example: '/run/secrets/jwt',
  },
  JWT_CUSTOMER_CLAIM: {
    group: 'api',
    kind: 'text',
    default: 'customer_id',
    placeholder: 'claim',
    summary: 'the claim with the customer',
    meaning:
      'The claim of a JWT that names the customer, or a list of customers: ids, or aliases of the `CUSTOMERS_FILE`. If there is no claim of this name, dots lead into objects: `app_metadata.customer`.',
    example: 'https://example.com/customer',
  },
  JWT_ROLE_CLAIM: {
    group: 'api',
    kind: 'text',
    default: 'role',
    placeholder: 'claim',
    summary: 'the claim with the role',
    meaning:
      'The claim of a JWT with the role, or a list of roles. Dots lead into objects, as for `JWT_CUSTOMER_CLAIM`.',
    example: 'realm_access.roles',
  },
  JWT_ADMIN_ROLE: {
    group: 'api',
    kind: 'text',
    default: 'admin',
    placeholder: 'role',
    summary: 'the role that reads everything',
    meaning:
      'The role whose JWTs read everything. All others read the customers that they name, and nothing else.',
    example: 'daymark-admin',
  },
});
