import { describe, expect, it } from 'vitest';
import { noFaults } from './faults.ts';
import { helpText, parseOptions } from './options.ts';

const env = { RINGSIDE_KEY: 'key', PLIVO_AUTH_ID: 'MA1', PLIVO_AUTH_TOKEN: 'newer,older', RINGSIDE_URL: '' };

function settings(...argv: string[]) {
  const parsed = parseOptions(argv, env);
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
  return parsed.settings;
}

describe('the command line', () => {
  it('has defaults, and takes secrets from the environment', () => {
    expect(settings()).toEqual({
      url: 'http://127.0.0.1:4000',
      urlIsGiven: false,
      key: 'key',
      authId: 'MA1',
      authTokens: ['newer', 'older'],
      presets: ['steady'],
      overrides: {},
      seed: '1',
      backfillMinutes: 0,
      speed: 1,
      faults: noFaults,
      zone: 'Asia/Kolkata',
      method: 'POST',
      delivery: 'rc=5&rp=all&rt=5000&tt=55000',
      waitSeconds: 60,
      recordFile: null,
      callDetails: null,
      loop: false,
    });
  });

  it('reads every option', () => {
    const argv =
      '--url https://ringside.test/base --key k --auth-id MA2 --auth-token t --preset evening,small-list --campaigns 3 ' +
      '--contacts 50 --concurrency 5 --cps 0.5 --seed x --backfill 25 --speed 60 --duplicate 0.1 --reorder 0.2 ' +
      '--drop 0.3 --late 9 --bad-signatures 0.4 --zone UTC --method GET --delivery rc=0 --wait 5 --record out --loop ' +
      '--cdr-port 4010 --cdr-late 30 --cdr-failures 0.2';
    expect(settings(...argv.split(' '))).toEqual({
      url: 'https://ringside.test/base',
      urlIsGiven: true,
      key: 'k',
      authId: 'MA2',
      authTokens: ['t'],
      presets: ['evening', 'small-list', 'evening'],
      overrides: { contacts: 50, concurrency: 5, callsPerSecond: 0.5 },
      seed: 'x',
      backfillMinutes: 25,
      speed: 60,
      faults: { duplicate: 0.1, reorder: 0.2, drop: 0.3, lateSeconds: 9, badSignatures: 0.4 },
      zone: 'UTC',
      method: 'GET',
      delivery: 'rc=0',
      waitSeconds: 5,
      recordFile: 'out',
      callDetails: { port: 4010, lateSeconds: 30, failures: 0.2 },
      loop: true,
    });
  });

  it('runs all presets at once', () => {
    expect(settings('--preset', 'all').presets).toHaveLength(5);
  });

  it.each([
    ['--drop 2', '--drop must be a number from 0 to 1, not "2".'],
    ['--contacts 1.5', '--contacts must be a whole number from 1 to 10000000, not "1.5".'],
    ['--speed fast', '--speed must be a number from 0.01 to 10000, not "fast".'],
    ['--zone Mars', '--zone must be an IANA time zone such as Asia/Kolkata, not "Mars".'],
    ['--method PUT', '--method must be POST or GET, not "PUT".'],
    ['--url ftp://x', '--url must be an http or https URL, not "ftp://x".'],
    ['--preset morning', /^--preset has no "morning"; there are steady, /],
    ['--campaigns 0', '--campaigns must be a whole number from 1 to 1000, not "0".'],
    ['--loop --once', '--loop and --once exclude each other.'],
    ['--cdr-port 70000', '--cdr-port must be a whole number from 0 to 65535, not "70000".'],
    ['--colour', /--colour/],
    ['extra', /extra/],
  ])('refuses %s in one sentence', (argv, message) => {
    const parsed = parseOptions(argv.split(' '), env);
    expect(parsed).toEqual({ kind: 'invalid', message: expect.stringMatching(message) });
  });

  it.each(['key', 'auth-id', 'auth-token'])('cannot do without --%s', (name) => {
    const others = ['key', 'auth-id', 'auth-token'].filter((one) => one !== name);
    const parsed = parseOptions(
      others.flatMap((one) => [`--${one}`, 'x']),
      {},
    );
    expect(parsed).toMatchObject({ kind: 'invalid', message: expect.stringMatching(`^--${name} is needed, or `) });
  });

  it('explains itself', () => {
    expect(parseOptions(['--help'], {})).toEqual({ kind: 'help', text: helpText() });
    expect(helpText()).toContain('--auth-token TOKEN');
    expect(helpText()).toContain('(RINGSIDE_URL, default http://127.0.0.1:4000)');
  });
});
