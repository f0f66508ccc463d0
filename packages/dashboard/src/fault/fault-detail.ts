import type { PageFault } from '@ringside/protocol';
import { version } from '../../package.json';
import { isoOf, NO_VALUE } from '../readers.ts';

/** Keys, tokens and sessions: long words without a meaning. */
const SECRETS = /[\w-]{32,}/g;
const NUMBERS = /\+?\d{7,}/g;
const PLACE = /([\w.-]+\.[cm]?[jt]sx?)(?:\?[^:\s]*)?(:\d+:\d+)/;

/** The facts of a fault that may be passed on: no secret, no phone number, no query. @param path of the page */
export function pageFault(error: unknown, path: string): PageFault {
  const { name, message, stack } = error instanceof Error ? error : new Error('a value that is no error was thrown');
  const [, file = '', position = ''] = PLACE.exec(stack ?? '') ?? [];
  return {
    message: brief(`${name}: ${message}`),
    address: brief(path),
    place: file === '' ? null : brief(file + position),
    version,
  };
}

/** The facts as lines to copy. @param at epoch milliseconds */
export function detailText({ message, address, place, version: of }: PageFault, at: number): string {
  const facts = { message, address, code: place ?? 'unknown', version: of, time: isoOf(at) ?? NO_VALUE };
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function brief(text: string): string {
  return [...text.replace(SECRETS, '…').replace(NUMBERS, '…')].slice(0, 200).join('');
}
