import { expect, test } from 'vitest';
import { linesOf } from './lines.ts';

test('numbers stand one a line or with commas, each once, with spaces in them', () => {
  expect(linesOf(' \n+1 555;+2\n\n+1 555,')).toEqual(['+1 555', '+2']);
});
