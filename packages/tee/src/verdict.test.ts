import { describe, expect, it } from 'vitest';
import { verdictOf } from './verdict.ts';

const document = JSON.stringify({ code: 'signature-invalid', detail: 'It does not match.', status: 403 });

function kindOf(status: number): string {
  const verdict = verdictOf({ status, retryAfter: null, text: '' }, 0);
  return verdict.kind === 'later' ? `${verdict.kind} ${verdict.scope}` : verdict.kind;
}

describe('what an answer means', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'later server'],
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [408, 'later server'],
    [413, 'refused'],
    [429, 'later server'],
    [500, 'later item'],
    [502, 'later server'],
    [503, 'later server'],
  ])('%i: %s', (status, kind) => {
    expect(kindOf(status)).toBe(kind);
  });

  it('takes code and detail of a problem document', () => {
    expect(verdictOf({ status: 403, retryAfter: null, text: document }, 0)).toEqual({
      kind: 'refused',
      status: 403,
      code: 'signature-invalid',
      detail: 'It does not match.',
    });
  });

  it.each(['<html>Forbidden</html>', 'null', '{"code":7}'])('copes with %s', (text) => {
    expect(verdictOf({ status: 403, retryAfter: null, text }, 0)).toMatchObject({ code: 'http-403' });
  });

  it('says when to come back', () => {
    expect(verdictOf({ status: 503, retryAfter: '3', text: '' }, 0)).toMatchObject({ retryAfterMs: 3_000 });
  });

  it('explains a redirect', () => {
    expect(verdictOf({ status: 308, retryAfter: null, text: '' }, 0)).toMatchObject({
      why: expect.stringContaining('set url to where it leads'),
    });
  });
});
