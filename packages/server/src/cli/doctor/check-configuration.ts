import type { Config } from '../../config/options.ts';
import { counted } from '../terminal.ts';
import type { Check } from './check.ts';

const name = 'configuration';

/** Whether the settings can work together. @param stored how many provider accounts the store has */
export function checkConfiguration(config: Config, stored: number): readonly Check[] {
  const checks = [...checkPlivo(config, stored), ...checkPublicUrls(config, stored)];
  if (checks.length > 0) return checks;
  const accounts = [config.plivoAuthId, stored > 0 ? counted(stored, 'stored account') : ''].filter(Boolean).join(', ');
  return [{ name, status: 'ok', says: `Plivo: ${accounts}; called at ${config.publicUrls.join(', ')}` }];
}

function* checkPlivo({ plivoAuthId, plivoAuthTokens }: Config, stored: number): Generator<Check> {
  if (plivoAuthTokens.length === 0) {
    if (stored > 0) return;
    yield {
      name,
      status: 'warning',
      says: 'PLIVO_AUTH_TOKEN is not set and no provider account is stored, so Plivo callbacks are refused',
      todo: 'Set it to the auth token of your Plivo account, or: ringside account add. Without Plivo there is nothing to do.',
    };
  } else if (plivoAuthId === '') {
    yield {
      name,
      status: 'warning',
      says: 'PLIVO_AUTH_ID is not set, so Plivo cannot be asked about calls whose end never came',
      todo: 'Set it to the auth id of your Plivo account.',
    };
  }
}

function* checkPublicUrls({ publicUrls, host, plivoAuthTokens }: Config, stored: number): Generator<Check> {
  if (publicUrls.length === 0 && plivoAuthTokens.length + stored > 0) {
    yield {
      name,
      status: 'warning',
      says: 'PUBLIC_URL is not set, so signatures are checked against the address of this machine',
      todo: 'Set it to the URL that Plivo calls, such as https://ringside.example.com.',
    };
  }
  for (const url of publicUrls) {
    const { protocol, hostname } = new URL(url);
    if (isLoopback(hostname) && !isLoopback(host)) {
      yield {
        name,
        status: 'failed',
        says: `PUBLIC_URL is ${url}, which nobody but this machine can call, though HOST is ${host}`,
        todo: 'Set PUBLIC_URL to the URL that Plivo calls.',
      };
    } else if (protocol !== 'https:' && !isLoopback(hostname)) {
      yield {
        name,
        status: 'warning',
        says: `PUBLIC_URL is ${url}: callbacks, with the numbers in them, travel in the clear`,
        todo: 'Put a proxy with TLS in front, and use its https URL here and at Plivo.',
      };
    }
  }
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127\./.test(host);
}
