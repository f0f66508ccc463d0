import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
const unpackScript = fileURLToPath(new URL('./setup/unpack-browser.mjs', import.meta.url));

/** Flags for any Chromium: no sandbox, for root and containers have none; no traffic of its own; everything else as users have it. */
const FLAGS = [
  '--headless=shell',
  '--no-sandbox',
  '--no-zygote',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The reader's language and time zone, as the environment of a browser has them. */
export interface Reader {
  /** Such as `hi-IN`; `en-US@posix` is what a browser says under `LANG=C`. */
  readonly locale: string | undefined;
  readonly zone: string | undefined;
}

/** The reader that `BROWSER_LOCALE` and `BROWSER_TZ` name for a whole run; what is left out is that of the machine. */
export const reader: Reader = { locale: process.env.BROWSER_LOCALE, zone: process.env.BROWSER_TZ };

/** The environment in which a browser has the language and zone of a reader, in every page and context. */
export function environmentOf({ locale, zone }: Reader): Record<string, string> {
  const name = locale === 'en-US@posix' ? 'C' : locale && `${locale.replace('-', '_')}.UTF-8`;
  return { ...(name ? { LANG: name, LC_ALL: name, LANGUAGE: name } : {}), ...(zone ? { TZ: zone } : {}) };
}

/**
 * The browser of every test and picture script: the one that npm installed, or the one that `CHROMIUM` names.
 * @throws when the browser cannot be unpacked or started
 */
export async function launchChromium({ args = [], env = {}, ...options }: LaunchOptions = {}): Promise<Browser> {
  const { executablePath, env: found } = await findBrowser();
  return chromium.launch({
    ...options,
    executablePath,
    args: [...FLAGS, ...args],
    env: { ...process.env, ...found, ...environmentOf(reader), ...env },
  });
}

async function findBrowser(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const named = process.env.CHROMIUM;
  if (named) return { executablePath: named, env: {} };
  const folder = await unpackBrowser();
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

/**
 * Unpacks the packaged browser once for each of its versions. Several processes may do so at once: each unpacks into a folder of
 * its own, and the first that is complete is used by all.
 * @returns its folder
 */
export async function unpackBrowser(): Promise<string> {
  const packageFile = createRequire(import.meta.url)
    .resolve('@sparticuz/chromium')
    .replace(/\/build\/.*/, '/package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await promisify(execFile)(process.execPath, [unpackScript], { env: { ...process.env, TMPDIR: partial } });
  await writeFile(join(partial, 'fonts/fonts.conf'), fontSettings(folder));
  await rename(partial, folder).catch(async (error: Error) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** The package's own settings name folders of a function host. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts/cache')}</cachedir>
</fontconfig>
`;
}
