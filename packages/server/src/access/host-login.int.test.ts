import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveTicket } from '@ringside/protocol';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/options.ts';
import { LiveReader } from '../testing/live-reader.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';
import { workspaceKey } from '../testing/workspace.ts';
import { HostLogins } from './host-login.ts';

const SECRET = 'a-secret-of-the-host-application-32+';
const secret = new TextEncoder().encode(SECRET);

interface Token {
  readonly claims?: JWTPayload;
  readonly expires?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly alg?: string;
}

function token({ claims = { clientId: 'acme' }, expires = '5m', issuer = 'host', audience = 'ringside' }: Token = {}) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('asha')
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(secret);
}

const bearer = (jwt: string) => ({ authorization: `Bearer ${jwt}` });

describe('a login of the host, by a shared secret', () => {
  let server: TestServer;
  beforeAll(async () => {
    const roles = { JWT_ROLES: 'owner=admin, agent=operator', JWT_ROLE_CLAIM: 'app.roles' };
    server = await testServer({ JWT_SECRET: SECRET, JWT_ISSUER: 'host', JWT_AUDIENCE: 'ringside', ...roles });
    await workspaceKey(server, 'acme');
  });
  afterAll(() => server.stop());

  const who = async (jwt: string) => {
    const response = await server.get('/v1/session', bearer(jwt));
    return { status: response.status, ...(await response.json()) };
  };

  it('is of the workspace and role that its claims name', async () => {
    expect(await who(await token())).toMatchObject({ status: 200, workspace: 'acme', role: 'viewer' });
    const named = (roles: unknown) => token({ claims: { clientId: 'acme', app: { roles } } });
    expect(await who(await named('agent'))).toMatchObject({ role: 'operator' });
    expect(await who(await named(['agent', 'owner']))).toMatchObject({ role: 'admin' });
    expect(await who(await named('viewer'))).toMatchObject({ role: 'viewer' });
    expect(await who(await named('janitor'))).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('looks after its own workspace at most', async () => {
    const admin = bearer(await token({ claims: { clientId: 'acme', app: { roles: 'owner' } } }));
    expect((await server.get('/v1/keys', admin)).status).toBe(200);
    expect((await server.send('POST', '/v1/workspaces', { id: 'more' }, admin)).status).toBe(403);
    expect((await server.get('/v1/keys?workspace=default', admin)).status).toBe(404);
    const ofDefault = bearer(await token({ claims: { clientId: 'default', app: { roles: 'owner' } } }));
    expect((await server.send('POST', '/v1/workspaces', { id: 'more' }, ofDefault)).status).toBe(403);
  });

  it('is refused with a reason', async () => {
    const refused = async (made: Token) => (await who(await token(made))).detail;
    expect(await refused({ expires: '-2m' })).toBe('The token has expired.');
    expect(await refused({ issuer: 'somebody' })).toBe("The token's claim iss is not accepted here.");
    expect(await refused({ audience: 'another' })).toBe("The token's claim aud is not accepted here.");
    expect(await refused({ claims: {} })).toBe('The token names no workspace in its claim clientId.');
    expect(await refused({ claims: { clientId: 'nobody' } })).toMatch(/There is no workspace nobody here/);
  });

  it('is refused when it is not signed, by another key, or has no end', async () => {
    const forged = await new SignJWT({ clientId: 'acme' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('host')
      .setAudience('ringside')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode('another secret, which has 32 bytes!'));
    const endless = await new SignJWT({ clientId: 'acme' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('host')
      .setAudience('ringside')
      .sign(secret);
    const unsigned = new UnsecuredJWT({ clientId: 'acme' }).setIssuer('host').setExpirationTime('5m').encode();
    for (const jwt of [forged, endless, unsigned, `${unsigned}x`, 'a.b.c']) {
      expect(await who(jwt)).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
  });

  it('becomes a session that ends with the token, half a minute beyond its exp as everywhere', async () => {
    const signedIn = await server.send('POST', '/v1/session', { jwt: await token({ expires: '90s' }) }, bearer('none'));
    const [cookie = '', ...rest] = (signedIn.headers.get('set-cookie') ?? '').split('; ');
    const seconds = Number(rest.find((part) => part.startsWith('Max-Age='))?.slice(8));
    expect(seconds).toBeLessThanOrEqual(120);
    expect(seconds).toBeGreaterThan(90);
    const session = await fetch(`${server.url}/v1/session`, { headers: { cookie } });
    expect(await session.json()).toMatchObject({ workspace: 'acme', role: 'viewer' });
  });
});

describe('a live connection', () => {
  it('goes on for the leeway of its token and ends with it, also when a ticket opened it', async () => {
    let ahead = 0;
    const settings = { JWT_SECRET: SECRET, JWT_ISSUER: 'host', JWT_AUDIENCE: 'ringside' };
    const server = await testServer(settings, { now: () => Date.now() + ahead });
    await workspaceKey(server, 'acme');
    const jwt = await token({ expires: '60s' });
    const open = async () => {
      const asked = await server.send('POST', '/v1/live/tickets', {}, bearer(jwt));
      const { ticket } = (await asked.json()) as LiveTicket;
      const live = new LiveReader(server.url, {}, `?ticket=${ticket}`);
      await live.until(({ type }) => type === 'hello');
      return live;
    };
    const stream = await fetch(`${server.url}/v1/overview/live`, { headers: bearer(jwt) });
    const early = await open();
    ahead = 70_000;
    const late = await open();
    await late.say({ type: 'subscribe', overview: true });
    await late.until(({ type }) => type === 'overview-snapshot');
    ahead = 95_000;
    expect((await early.closed).code).toBe(4401);
    expect((await late.closed).code).toBe(4401);
    expect(await stream.text()).toContain('event: overview-snapshot');
    expect((await fetch(`${server.url}/v1/overview/live`, { headers: bearer(jwt) })).status).toBe(401);
    await server.stop();
  });
});

describe('a login of the host, by its key set', () => {
  let jwks: Server;
  let server: TestServer;
  let sign: (claims: JWTPayload) => Promise<string>;
  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }];
    jwks = createServer((_request, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((ready) => jwks.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks.json`;
    server = await testServer({ JWT_JWKS_URL: url, JWT_WORKSPACE_CLAIM: 'org' });
    await workspaceKey(server, 'acme');
    sign = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).setExpirationTime('5m').sign(privateKey);
  });
  afterAll(async () => {
    await server.stop();
    jwks.close();
  });

  it('is believed when one of its keys signed it', async () => {
    const response = await server.get('/v1/session', bearer(await sign({ org: 'acme', role: 'operator' })));
    expect(await response.json()).toMatchObject({ workspace: 'acme', role: 'operator' });
  });

  it('is never believed for having been signed with the public key as a secret', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const asSecret = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)));
    const jwt = await new SignJWT({ org: 'acme' })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setExpirationTime('5m')
      .sign(asSecret);
    expect((await server.get('/v1/session', bearer(jwt))).status).toBe(401);
  });
});

describe('a key set that never ends', () => {
  it('is read no further than a key set is long', async () => {
    let sent = 0;
    let isClosed = false;
    const endless = createServer((_request, response) => {
      response.on('close', () => {
        isClosed = true;
      });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"keys":[');
      const piece = `"${'x'.repeat(64 * 1024)}",`;
      const more = (): void => {
        while (!isClosed && response.write(piece)) sent += piece.length;
        sent += piece.length;
        if (!isClosed) response.once('drain', more);
      };
      more();
    });
    await new Promise<void>((ready) => endless.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/jwks.json`;
    const logins = new HostLogins(loadConfig({ JWT_JWKS_URL: url }));
    const { privateKey } = await generateKeyPair('ES256');
    const jwt = await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).setExpirationTime('5m').sign(privateKey);
    expect(await logins.read(jwt, Date.now())).toEqual({ denied: 'The token is not valid.' });
    await expect.poll(() => isClosed).toBe(true);
    // What two sockets and the streams at their ends hold, not the gigabytes of the five seconds that a read may take.
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    endless.close();
  });
});

it.each([0, 0.25, 0.999])(
  'a token is let in exactly as long as its login lasts, %s s beyond a whole second',
  async (part) => {
    const logins = new HostLogins(loadConfig({ JWT_SECRET: SECRET }));
    const exp = 1_800_000_000 + part;
    const jwt = await new SignJWT({ clientId: 'acme', exp }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    for (const seconds of [0, 29, 29.9, 30, 30.1, 30.5, 31, 40]) {
      const now = Math.round((exp + seconds) * 1_000);
      const read = await logins.read(jwt, now);
      expect({ seconds, isIn: !('denied' in read) }).toEqual({ seconds, isIn: seconds < 30 });
      if (!('denied' in read)) expect(read.expiresAt).toBeGreaterThan(now);
    }
  },
);

it('a short secret is refused at the start', async () => {
  await expect(testServer({ JWT_SECRET: 'short' })).rejects.toThrow('JWT_SECRET must have at least 32 bytes');
});
