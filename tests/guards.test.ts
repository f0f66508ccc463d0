import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Files that break a rule, each with the rule that must catch it; and files that break none. */
const probes = {
  imports: [
    ['protocol', '@ringside/core'],
    ['protocol', 'node:fs'],
    ['core', '@ringside/server'],
    ['core', 'node:fs'],
    ['server', '@ringside/client'],
    ['server', '@ringside/sandbox'],
    ['client', '@ringside/core'],
    ['sandbox', '@ringside/core'],
    ['dashboard', '@ringside/core'],
    ['tee', '@ringside/protocol'],
  ],
  allowedImports: [
    ['core', '@ringside/protocol'],
    ['server', '@ringside/core'],
    ['client', '@ringside/protocol'],
    ['dashboard', '@ringside/client'],
  ],
  /** Files that may import what their package may not. */
  exceptions: [['server', 'simulation/simulation-worker', '@ringside/sandbox']],
  clocks: ['Date.now()', 'new Date()', 'Math.random()', 'performance.now()'],
  reads: [
    "new Date('soon')",
    "Date.parse('soon')",
    "new Intl.Locale('')",
    "Intl.supportedValuesOf('timeZone')",
    "localStorage.getItem('x')",
    'navigator.language',
    "decodeURIComponent('%')",
    "BigInt('x')",
    "new RegExp('[')",
  ],
  faults: [
    ['noFloatingPromises', 'export async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}\n'],
    ['noExplicitAny', 'export const x: any = 1;\n'],
    ['noProcessEnv', 'export const x = process.env.PORT;\n'],
    ['noNonNullAssertion', 'export const f = (x: string | null): string => x!;\n'],
  ],
} as const;

/** A copy of the rules over a tree that holds nothing but the probes. */
let folder: string;
let findings: Map<string, string>;

function probe(name: string, kind: string, text: string): void {
  const path = join(folder, 'packages', name, 'src', `${kind}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringside-guards-'));
  const rules = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...rules, $schema: undefined, vcs: undefined }));
  cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
  const importing = (from: string) => `import { x } from '${from}';\n\nexport const y = x;\n`;
  for (const [i, [name, from]] of probes.imports.entries()) probe(name, `import-${i}`, importing(from));
  for (const [i, [name, from]] of probes.allowedImports.entries()) probe(name, `allowed-${i}`, importing(from));
  for (const [name, file, from] of probes.exceptions) probe(name, file, importing(from));
  for (const [i, call] of probes.clocks.entries()) probe('core', `clock-${i}`, `export const x = ${call};\n`);
  probe('core', 'given-time', 'export const at = (ms: number): Date => new Date(ms);\n');
  for (const [i, read] of probes.reads.entries()) probe('dashboard', `read-${i}`, `export const x = ${read};\n`);
  probe('dashboard', 'readers', "export const at = Date.parse('soon');\n");
  probe('dashboard', 'own-clock', 'export const now = new Date();\n');
  for (const [i, [, text]] of probes.faults.entries()) probe('server', `fault-${i}`, text);
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=github', '--max-diagnostics=none', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  findings = new Map();
  for (const line of (run.stdout + run.stderr).split('\n')) {
    const file = /file=[^,]*?(packages\/[^,]+),/.exec(line)?.[1];
    if (file) findings.set(file, (findings.get(file) ?? '') + line);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = (name: string, kind: string): string => findings.get(`packages/${name}/src/${kind}.ts`) ?? '';

describe('imports point one way', () => {
  it.each(probes.imports.map(([name, from], i) => [name, from, i] as const))(
    '%s may not import %s',
    (name, _from, i) => {
      expect(found(name, `import-${i}`)).toContain('noRestrictedImports');
    },
  );

  it.each(probes.allowedImports.map(([name, from], i) => [name, from, i] as const))(
    '%s may import %s',
    (name, _from, i) => {
      expect(found(name, `allowed-${i}`)).toBe('');
    },
  );

  it.each(probes.exceptions)('of %s, %s may import %s', (name, file) => {
    expect(found(name, file)).toBe('');
  });
});

describe('the domain is pure', () => {
  it.each(probes.clocks.map((call, i) => [call, i] as const))('core may not call %s', (_call, i) => {
    expect(found('core', `clock-${i}`)).toContain('takes time and randomness as arguments');
  });

  it('may make a date of a given instant', () => {
    expect(found('core', 'given-time')).toBe('');
  });
});

describe('the page reads what comes from outside with its readers', () => {
  it.each(probes.reads.map((read, i) => [read, i] as const))('it may not say %s elsewhere', (_read, i) => {
    expect(found('dashboard', `read-${i}`)).toContain('read by readers.ts');
  });

  it('may ask its own clock, and the readers may read', () => {
    expect([found('dashboard', 'own-clock'), found('dashboard', 'readers')]).toEqual(['', '']);
  });
});

describe('everywhere', () => {
  it.each(probes.faults.map(([rule], i) => [rule, i] as const))('%s is an error', (rule, i) => {
    expect(found('server', `fault-${i}`)).toContain(rule);
  });
});
