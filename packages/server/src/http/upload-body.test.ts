import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { collect } from '../testing/pieces.ts';
import { type BodyLimits, bodyPieces, checkLength } from './upload-body.ts';

const limits: BodyLimits = { bytes: 100, idleMs: 60_000, patienceMs: 60_000, bytesPerSecond: 1 };
const never = new AbortController().signal;

/** A body of which nothing more comes after its first pieces. */
function stuck(...pieces: readonly string[]): Readable {
  const waiting = pieces.map((piece) => Buffer.from(piece));
  return new Readable({
    read() {
      const next = waiting.shift();
      if (next) this.push(next);
    },
  });
}

const take = (body: Readable, change: Partial<BodyLimits> = {}, signal = never) =>
  collect(bodyPieces(body, { ...limits, ...change }, signal));

describe('a body', () => {
  it('is given as it comes', async () => {
    const pieces = await take(Readable.from([Buffer.from('ab'), Buffer.from('c')], { objectMode: false }));
    expect(Buffer.concat(pieces).toString()).toBe('abc');
  });

  it('may be as large as allowed, and no larger', async () => {
    const of = (length: number) => Readable.from([Buffer.alloc(length)], { objectMode: false });
    await expect(take(of(100))).resolves.toBeDefined();
    await expect(take(of(101))).rejects.toMatchObject({ code: 'body-too-large' });
    expect(() => checkLength('100', limits)).not.toThrow();
    expect(() => checkLength('101', limits)).toThrow('in parts');
    expect(() => checkLength(undefined, limits)).not.toThrow();
  });

  it('of which nothing comes is not waited for', async () => {
    await expect(take(stuck('a'), { idleMs: 5 })).rejects.toMatchObject({ code: 'sender-too-slow' });
  });

  it('that comes by drops uses up the patience, which larger pieces earn back', async () => {
    const drops = () => {
      let left = 40;
      return new Readable({
        read() {
          left -= 1;
          setTimeout(() => this.push(left === 0 ? null : Buffer.from('x')), 5);
        },
      });
    };
    const slow = { patienceMs: 30, bytesPerSecond: 1 };
    await expect(take(drops(), { ...slow, bytesPerSecond: 1_000_000 })).rejects.toMatchObject({
      code: 'sender-too-slow',
    });
    await expect(take(drops(), slow)).resolves.toHaveLength(39);
  });

  it('ends with the access of its sender', async () => {
    const ending = new AbortController();
    const taking = take(stuck('a'), {}, ending.signal);
    ending.abort(new Error('ended'));
    await expect(taking).rejects.toThrow('ended');
    await expect(take(stuck('a'), {}, ending.signal)).rejects.toThrow('ended');
  });

  it('that breaks off is a bad request, and no fault of ours', async () => {
    const body = stuck('a');
    const taking = take(body);
    body.destroy(new Error('aborted'));
    await expect(taking).rejects.toMatchObject({ code: 'malformed-body' });
  });

  it('that is not read to its end can still be', async () => {
    const body = Readable.from([Buffer.from('ab'), Buffer.from('cd')], { objectMode: false, highWaterMark: 1 });
    for await (const piece of bodyPieces(body, limits, never)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(body.destroyed).toBe(false);
    expect(Buffer.concat(await take(body)).toString()).toBe('cd');
  });
});
