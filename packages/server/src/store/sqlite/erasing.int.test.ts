import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { T0 } from '@ringside/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackReceipt, eventReceipt, openEngine, WORKSPACE } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import { audit, CANARY, events, NOW, tracesIn } from '../contract/erasing.ts';
import { Engine } from './engine.ts';

let folder: ReturnType<typeof temporaryFolder>;
let engine: Engine;
beforeEach(() => {
  folder = temporaryFolder();
  engine = openEngine(folder.path);
});
afterEach(() => {
  engine.close();
  folder.remove();
});

function erase() {
  const begun = engine.erase({ workspace: WORKSPACE, number: CANARY, reason: null }, audit);
  while (engine.eraseStep(NOW).more);
  return begun;
}

/** The bytes of the files of the store. */
const bytes = (): string =>
  readdirSync(folder.path)
    .map((file) => readFileSync(join(folder.path, file), 'latin1'))
    .join('\n');

describe('an erased number', () => {
  it('is in no byte of the files: not in free pages, and not in the write-ahead log', () => {
    engine.apply(events.map((event) => eventReceipt(event)));
    engine.apply([callbackReceipt(T0, '', 'CallUUID=waits&Event=Ring&To=919876543210')]);
    const body = 'CallUUID=u&Event=Ring&To=919876543210&SessionStart=2025-08-07+14:00:00';
    engine.apply([callbackReceipt(T0, 'campId=c', body)]);
    engine.tidy(NOW);
    expect(tracesIn(bytes()).length).toBeGreaterThan(5);
    erase();
    engine.tidy(NOW);
    expect(tracesIn(bytes())).toEqual([]);
    engine.apply(events.map((event) => eventReceipt({ ...event, callId: `late-${event.callId}` })));
    engine.tidy(NOW);
    engine.close();
    expect(tracesIn(bytes())).toEqual([]);
    engine = openEngine(folder.path);
  });

  it('is in none that was made known to be its own later either', () => {
    erase();
    const { to: _to, ...unnamed } = { campaignId: 'c', callId: 'x', to: CANARY, at: new Date(T0).toISOString() };
    engine.apply([eventReceipt({ type: 'lead', ...unnamed, leadStatus: 'hot', summary: 'Asha' })]);
    engine.apply([eventReceipt({ type: 'initiated', ...unnamed, to: CANARY })]);
    while (engine.eraseStep(NOW).more);
    engine.close();
    expect(bytes()).not.toContain('Asha');
    engine = openEngine(folder.path);
  });

  it('is recognised by the key that it was erased with: under another one it must be erased again', () => {
    erase();
    engine.close();
    const other = { dataDir: folder.path, plivoTimeZone: 'UTC', unregisteredLimit: 1, secretKey: Buffer.alloc(32, 8) };
    engine = new Engine(other);
    expect(engine.foreignErasures()).toBe(1);
    const [first] = events;
    if (first) engine.apply([eventReceipt(first)]);
    expect(erase().isNew).toBe(true);
    engine.close();
    expect(tracesIn(bytes())).toEqual([]);
    engine = openEngine(folder.path);
    expect(engine.foreignErasures()).toBe(1);
  });
});
