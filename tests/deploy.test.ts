import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { options } from '../packages/server/src/config/options.ts';
import { readDockerfile, type Stage } from '../packages/server/src/testing/dockerfile.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');

/** What Ringside takes, and what other parts of the image do. */
const settings = new Set(Object.values(options).map(({ env }) => env as string));
const secret = new Set(Object.values(options).flatMap((option) => ('secret' in option ? [option.env as string] : [])));
const others = ['NODE_ENV'];

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: object;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: object;
  readonly volumes: object;
}

const compose = parse(read('deploy/compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const nodes = services.filter(([, { image }]) => image === 'ringside');
const dockerfile = readDockerfile(read('deploy/Dockerfile'));
const image = dockerfile.at(-1) as Stage;

describe('deploy/compose.yaml', () => {
  it('has two nodes, PostgreSQL, NATS and a balancer, each from somewhere', () => {
    expect(services.map(([name]) => name)).toEqual(['node-1', 'node-2', 'postgres', 'nats', 'balancer']);
    for (const [name, { image, build }] of services) expect(image ?? build, name).toBeDefined();
    for (const [, { build }] of nodes)
      expect(existsSync(`${root}deploy/${build?.context}/${build?.dockerfile}`)).toBe(true);
  });

  it('speaks of no service, network, volume or file that there is not', () => {
    for (const [name, service] of services) {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(Object.keys(compose.services), `${name} waits for ${other}`).toContain(other);
        const found = compose.services[other] as Service;
        const isChecked = found.healthcheck !== undefined || (found.image === 'ringside' && image.healthcheck !== null);
        expect(condition === 'service_started' || isChecked, `${other} can be healthy`).toBe(true);
      }
      for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('.')) expect(existsSync(`${root}deploy/${from}`), from).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    }
  });

  it('gives nodes settings that there are, the same to each, and a data folder of its own', () => {
    const names = nodes.flatMap(([, { environment }]) => Object.keys(environment ?? {}));
    expect(names.filter((name) => !settings.has(name))).toEqual([]);
    expect(nodes.map(([, { environment }]) => environment)).toEqual(nodes.map(() => nodes[0]?.[1].environment));
    const folders = nodes.map(([, { volumes = [] }]) =>
      volumes.find((volume) => volume.endsWith(`:${image.env.RINGSIDE_DATA}`)),
    );
    expect(new Set(folders).size).toBe(nodes.length);
    expect(folders).not.toContain(undefined);
  });

  it('has no secret with a default, and lists every variable in .env.example', () => {
    const text = read('deploy/compose.yaml');
    const variables = [...text.matchAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g)];
    for (const [whole, name = '', how, word] of variables)
      if (secret.has(name) || name.endsWith('_PASSWORD')) expect(how === '?' || word === '', whole).toBe(true);
    const listed = [...read('deploy/.env.example').matchAll(/^(\w+)=(.*)$/gm)];
    expect(listed.map(([, name]) => name).sort()).toEqual([...new Set(variables.map(([, name]) => name))].sort());
    expect(listed.filter(([, , value]) => value !== '')).toEqual([]);
  });
});

describe('deploy/haproxy.cfg', () => {
  const config = read('deploy/haproxy.cfg');

  it('knows every node by its name and port, and asks it whether it is ready', () => {
    const servers = [...config.matchAll(/^ {2}server (\S+) (\S+)$/gm)].map(([, name, address]) => [name, address]);
    expect(servers).toEqual(nodes.map(([name]) => [name, `${name}:${image.env.PORT}`]));
    expect(config).toContain('uri /readyz');
    expect(config).toContain('deny deny_status 404 if { path /metrics }');
  });
});

describe('deploy/Dockerfile', () => {
  it('takes what lies in the repository or was built there, and sets what there is', () => {
    for (const { from } of image.copies) {
      const path = from.replace(/^\/app\//, '');
      expect(path === 'node_modules' || path.endsWith('/dist') || existsSync(root + path), from).toBe(true);
    }
    expect(Object.keys(image.env).filter((name) => !settings.has(name) && !others.includes(name))).toEqual([]);
  });

  it('runs the server itself, as nobody special, and asks it whether it lives', () => {
    expect(image.entrypoint).toEqual(['node', 'packages/server/dist/main.js']);
    expect([image.user, image.stopSignal]).toEqual(['node', 'SIGTERM']);
    expect(image.healthcheck?.join(' ')).toContain('/healthz');
  });
});

describe('deploy/ringside.service', () => {
  const unit = read('deploy/ringside.service');

  it('runs what the image runs, with settings that there are', () => {
    const names = [...unit.matchAll(/^Environment=(\w+)=/gm)].map(([, name = '']) => name);
    expect(names.filter((name) => !settings.has(name) && !others.includes(name))).toEqual([]);
    expect(unit).toContain(`\nExecStart=/usr/bin/node ${image.entrypoint[1]}\n`);
  });
});
