import { describe, expect, it } from 'vitest';
import { noPostFaults } from './call-api/post-faults.ts';
import { parseOptions } from './options.ts';
import { serveHelp } from './serve-options.ts';

const env = { PLIVO_AUTH_ID: 'MA1', PLIVO_AUTH_TOKEN: 'newer,older' };
const parse = (argv: string) => parseOptions(['serve', ...argv.split(' ').filter(Boolean)], env);

describe('the command line of serve', () => {
  it('has defaults, and takes secrets from the environment', () => {
    expect(parse('')).toEqual({
      kind: 'serve',
      settings: {
        ...{ port: 4020, controlPort: null, authId: 'MA1', authTokens: ['newer', 'older'], callsPerSecond: 2 },
        ...{ concurrency: null, requestsPer5Seconds: 300, speed: 1, preset: 'steady', seed: '1', zone: 'Asia/Kolkata' },
        ...{ leads: null, faults: noPostFaults, lateSeconds: 0 },
      },
    });
  });

  it('reads every option', () => {
    const argv =
      '--port 0 --control-port 0 --auth-id MA2 --auth-token t --cps 500 --concurrency 50 --requests 9000 --speed 60 ' +
      '--preset evening --seed x --zone UTC --url http://ringside.test --key k --fault lost-answer=0.01 ' +
      '--fault hang=0.5 --slow-ms 10 --hang-ms 20 --forbidden 1900 --forbidden +882 --duplicate 0.1 --reorder 0.2 ' +
      '--drop 0.3 --late 9 --bad-signatures 0.4 --cdr-late 30 --cdr-failures 0.2';
    expect(parse(argv)).toEqual({
      kind: 'serve',
      settings: {
        ...{ port: 0, controlPort: 0, authId: 'MA2', authTokens: ['t'], callsPerSecond: 500, concurrency: 50 },
        ...{ requestsPer5Seconds: 9_000, speed: 60, preset: 'evening', seed: 'x', zone: 'UTC', lateSeconds: 30 },
        leads: { url: 'http://ringside.test', key: 'k' },
        faults: {
          ...{ shares: { 'lost-answer': 0.01, hang: 0.5 }, slowMs: 10, hangMs: 20, forbidden: ['+1900', '+882'] },
          reads: 0.2,
          callbacks: { duplicate: 0.1, reorder: 0.2, drop: 0.3, badSignatures: 0.4, lateSeconds: 9 },
        },
      },
    });
  });

  it.each([
    ['--fault lost=1', '--fault must be a fault and its share from 0 to 1, as in lost-answer=0.01, not "lost=1".'],
    ['--fault hang', '--fault must be a fault and its share from 0 to 1, as in lost-answer=0.01, not "hang".'],
    ['--fault hang=2', '--fault must be a fault and its share from 0 to 1, as in lost-answer=0.01, not "hang=2".'],
    ['--cps 0', '--cps must be a number from 0.001 to 10000, not "0".'],
    ['--preset all', /^--preset must be one of steady, .*, not "all"\.$/],
    ['--port 70000', '--port must be a whole number from 0 to 65535, not "70000".'],
    ['--key k', '--url must be an http or https URL, not "".'],
    ['--loop', /--loop/],
  ])('refuses %s in one sentence', (argv, message) => {
    expect(parse(argv)).toEqual({ kind: 'invalid', message: expect.stringMatching(message) });
  });

  it('explains itself, and its faults', () => {
    expect(parse('--help')).toEqual({ kind: 'help', text: serveHelp() });
    expect(serveHelp()).toContain('lost-answer');
    expect(serveHelp()).toContain('(PLIVO_AUTH_TOKEN)');
  });
});

describe('the command', () => {
  it('may be left out or named: run is the usual one', () => {
    const run = { ...env, RINGSIDE_KEY: 'key' };
    expect(parseOptions(['run', '--seed', 'x'], run)).toEqual(parseOptions(['--seed', 'x'], run));
    expect(parseOptions(['run'], run)).toMatchObject({ kind: 'run' });
  });
});
