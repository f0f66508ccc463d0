import { it } from 'vitest';
import { lookAtAll } from './every-page.ts';

it.each([
  ['light', 768],
  ['light', 1440],
  ['dark', 360],
  ['dark', 768],
] as const)('no page has a serious accessibility fault in the %s theme at %i px', { timeout: 240_000 }, lookAtAll);
