import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ClientMessage, PROTOCOL_VERSION, ServerMessage } from './index.ts';

/** Shape of the live protocol in each version. A changed hash means: think of old clients, then raise the version. */
const shapes: Readonly<Record<number, string>> = { 1: 'SVX0BNeOr8aBiR3N' };

it('the live protocol has the shape that its version stands for', () => {
  const shape = JSON.stringify([z.toJSONSchema(ServerMessage), z.toJSONSchema(ClientMessage)]);
  const hash = createHash('sha256').update(shape).digest('base64url').slice(0, 16);
  expect(hash, 'the shape changed: see version.ts').toBe(shapes[PROTOCOL_VERSION]);
});
