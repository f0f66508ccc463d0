import { describe, expect, it } from 'vitest';
import { createAgenda } from './agenda.ts';

describe('an agenda', () => {
  it('does its tasks in the order of their times, equal ones as they were noted, and notes new ones meanwhile', async () => {
    const start = Date.now();
    const agenda = createAgenda(Date.now);
    const done: string[] = [];
    const does = (name: string) => () =>
      done.push(`${name} ${Date.now() >= start + Number(name.slice(1)) ? 'due' : 'early'}`);
    agenda.at(start + 30, does('c30'));
    agenda.at(start + 10, does('a10'));
    agenda.at(start + 10, () => {
      does('b10')();
      agenda.at(start + 20, does('n20'));
    });
    agenda.at(start - 5, does('p0'));
    await expect.poll(() => done.length, { timeout: 10_000 }).toBe(5);
    expect(done).toEqual(['p0 due', 'a10 due', 'b10 due', 'n20 due', 'c30 due']);
  });

  it('forgets what is left when it is closed', async () => {
    const agenda = createAgenda(Date.now);
    const done: string[] = [];
    const other = createAgenda(Date.now);
    agenda.at(Date.now() + 5, () => done.push('forgotten'));
    agenda.close();
    await new Promise<void>((resolve) => other.at(Date.now() + 20, resolve));
    expect(done).toEqual([]);
  });
});
