import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { realEffects } from '../effects.ts';
import type { Touched } from '../ingest/receipt.ts';
import { natsServer, startNats, type TestNats } from '../testing/nats.ts';
import { startPostgres, type TestPostgres } from '../testing/postgres.ts';
import { type Bus, topicOfCampaign, topicOfWorkspace } from './bus.ts';
import { NatsBus } from './nats-bus.ts';
import { PostgresBus } from './postgres-bus.ts';

const log = pino({ level: 'silent' });
const change = (campaignId: string, version = 1, workspace = 'w'): Touched => ({ workspace, campaignId, version });

/** What carries the messages. */
interface Carrier {
  bus(node: string): Bus;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

let running: Bus[] = [];
afterEach(async () => {
  for (const bus of running) await bus.stop();
  running = [];
});

function busContract(carrier: () => Carrier): void {
  async function node(name: string): Promise<{ bus: Bus; heard: Touched[] }> {
    const heard: Touched[] = [];
    const bus = carrier().bus(name);
    running.push(bus);
    bus.start((touched) => heard.push(...touched));
    await expect.poll(() => bus.isUp, { timeout: 10_000 }).toBe(true);
    return { bus, heard };
  }

  /** Until what was asked of the bus has reached it. */
  async function heardBy(from: Bus, to: { heard: Touched[] }, version: number, campaignId = 'c'): Promise<void> {
    const isHeard = (): boolean => {
      from.publish([change(campaignId, version)]);
      return to.heard.some((one) => one.campaignId === campaignId && one.version === version);
    };
    await expect.poll(isHeard, { timeout: 15_000, interval: 100 }).toBe(true);
  }

  it('tells those who follow a campaign, or its workspace, and nobody else', async () => {
    const [from, one, all, other] = [await node('from'), await node('one'), await node('all'), await node('other')];
    one.bus.follow(topicOfCampaign({ workspace: 'w', campaignId: 'c' }));
    all.bus.follow(topicOfWorkspace('w'));
    other.bus.follow(topicOfWorkspace('another'));
    other.bus.follow(topicOfCampaign({ workspace: 'another', campaignId: 'c' }));
    from.bus.follow(topicOfWorkspace('w'));
    await heardBy(from.bus, one, 1);
    await heardBy(from.bus, all, 1);
    from.bus.publish([change('d', 7)]);
    await expect.poll(() => all.heard.some(({ campaignId }) => campaignId === 'd')).toBe(true);
    expect(one.heard.every(({ campaignId }) => campaignId === 'c')).toBe(true);
    expect(other.heard).toEqual([]);
    expect(from.heard).toEqual([]);
    one.bus.unfollow(topicOfCampaign({ workspace: 'w', campaignId: 'c' }));
    await heardBy(from.bus, all, 2);
    one.heard.length = 0;
    await heardBy(from.bus, all, 3);
    expect(one.heard).toEqual([]);
  });

  it('comes back by itself, with everything that was followed before and meanwhile', async () => {
    const [from, to] = [await node('from'), await node('to')];
    to.bus.follow(topicOfCampaign({ workspace: 'w', campaignId: 'c' }));
    await heardBy(from.bus, to, 1);
    await carrier().kill();
    await expect.poll(() => from.bus.isUp || to.bus.isUp, { timeout: 15_000 }).toBe(false);
    from.bus.publish([change('c', 2)]);
    to.bus.follow(topicOfCampaign({ workspace: 'w', campaignId: 'e' }));
    await carrier().restart();
    await expect.poll(() => from.bus.isUp && to.bus.isUp, { timeout: 15_000 }).toBe(true);
    await heardBy(from.bus, to, 3);
    await heardBy(from.bus, to, 1, 'e');
  });
}

describe('the bus over PostgreSQL', () => {
  let server: TestPostgres;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.database();
  });
  afterAll(() => server.stop());

  busContract(() => ({
    bus: (node) => new PostgresBus({ url, node, effects: realEffects, log }),
    kill: () => server.kill(),
    restart: () => server.restart(),
  }));

  it('notices a server that is frozen, which closes no connection', async () => {
    const bus = new PostgresBus({ url, node: 'n', effects: realEffects, log });
    running.push(bus);
    bus.start(() => {});
    await expect.poll(() => bus.isUp, { timeout: 5_000 }).toBe(true);
    server.freeze();
    try {
      await expect.poll(() => bus.isUp, { timeout: 10_000 }).toBe(false);
    } finally {
      server.thaw();
    }
    await expect.poll(() => bus.isUp, { timeout: 10_000 }).toBe(true);
  });

  it('asks several things at once, of which the driver does not warn on the console', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', note);
    try {
      const bus = new PostgresBus({ url, node: 'n', effects: realEffects, log });
      const other = new PostgresBus({ url, node: 'o', effects: realEffects, log });
      running.push(bus, other);
      let isHeard = false;
      bus.start(() => {
        isHeard = true;
      });
      other.start(() => {});
      await expect.poll(() => bus.isUp && other.isUp, { timeout: 5_000 }).toBe(true);
      for (const workspace of ['u', 'v', 'w']) bus.follow(topicOfWorkspace(workspace));
      const heard = () => {
        other.publish([change('c')]);
        return isHeard;
      };
      await expect.poll(heard, { timeout: 10_000 }).toBe(true);
    } finally {
      process.off('warning', note);
    }
    expect(warnings).toEqual([]);
  });
});

describe.skipIf(!natsServer)('the bus over NATS', () => {
  let server: TestNats;
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(() => server.stop());

  busContract(() => ({
    bus: (node) => new NatsBus({ servers: [server.url], storeId: () => 's', node, effects: realEffects, log }),
    kill: () => server.kill(),
    restart: () => server.restart(),
  }));

  it('keeps two stores apart', async () => {
    const heard: Touched[] = [];
    const [a, b] = ['a', 'b'].map((storeId) => {
      const bus = new NatsBus({
        servers: [server.url],
        storeId: () => storeId,
        node: storeId,
        effects: realEffects,
        log,
      });
      running.push(bus);
      return bus;
    });
    const own = new NatsBus({ servers: [server.url], storeId: () => 'a', node: 'c', effects: realEffects, log });
    running.push(own);
    let mine = 0;
    a?.start(() => {});
    b?.start((touched) => heard.push(...touched));
    own.start((touched) => {
      mine += touched.length;
    });
    for (const bus of [b, own]) bus?.follow(topicOfWorkspace('w'));
    const isHeard = (): number => {
      a?.publish([change('c')]);
      return mine;
    };
    await expect.poll(isHeard, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(heard).toEqual([]);
  });
});
