import type { Call, Contact } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../testing/read-csv.ts';
import { callWriter, contactWriter } from './export-format.ts';

const beginnings = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/** What some programs trim: blanks of every kind, and letters that nobody sees. */
const unseen = [
  ' ',
  '   ',
  '\u00a0',
  '\u3000',
  '\ufeff',
  '\u200b',
  '\u2060',
  '\u200e',
  '\u00ad',
  '\u0000',
  '\u0001',
  '\ufeff \u200d',
];
const formulas = [
  ...beginnings.flatMap((mark) => [`${mark}1+1`, `${mark}cmd|"/c calc"!A1`, `${mark}a,b\r\n=1`, mark]),
  ...unseen.flatMap((blank) => [`${blank}=1+1`, `${blank}+1`, `${blank}@x`, `${blank}＝1`]),
  ' +919876543210',
];
const harmless = [' a=1', '\u200ba', 'a\r=1', 'a\n=1', 'a\r\n=1', 'a,=1', '"=1', "'=1", 'x', ' ', '', '+919876543210'];

/** A call or contact in which every text is the same. */
function call(text: string): Call {
  const names = [
    'callUUID',
    'number',
    'from',
    'contactId',
    'state',
    'outcome',
    'answeredBy',
    'leadStatus',
    'leadReason',
  ];
  const more = ['hangupCause', 'hangupSource', 'cost', 'currency', 'digits', 'recordingUrl', 'startTime', 'endTime'];
  const texts = Object.fromEntries([...names, ...more, 'ringTime', 'answerTime'].map((name) => [name, text]));
  const ids = { attempt: [text], request: [text], call: [text], external: [text] };
  return { ...texts, ids, attempt: -1, duration: -2, attributes: { [text]: text } } as unknown as Call;
}

function contact(text: string): Contact {
  const names = ['contactId', 'number', 'state', 'lastOutcome', 'lastEndTime', 'leadStatus', 'nextRetryAt'];
  const texts = Object.fromEntries(names.map((name) => [name, text]));
  return { ...texts, attempts: -1, attributes: { [text]: text } } as unknown as Contact;
}

const files = {
  calls: (texts: readonly string[]) => callWriter('csv').piece(texts.map(call), true),
  contacts: (texts: readonly string[]) => contactWriter('csv').piece(texts.map(contact), true),
};
const numeric = new Set(['attempt', 'attempts', 'duration', 'billDuration', 'ringSeconds', 'leadScore', 'hangupCode']);

describe.each(Object.entries(files))('a CSV of %s', (_name, fileOf) => {
  it.each(formulas)('puts an apostrophe before %j in every column of text', (text) => {
    const [row = {}] = readCsv(fileOf([text])).rows;
    for (const [column, cell] of Object.entries(row)) {
      if (column === 'attributes') expect(JSON.parse(cell)).toEqual({ [text]: text });
      else if (!numeric.has(column)) expect(cell, column).toBe(`'${text}`);
    }
  });

  it('keeps every other text, however it must be quoted, and numbers', () => {
    const { rows } = readCsv(fileOf(harmless));
    expect(rows.map(({ contactId, number }) => [contactId, number])).toEqual(harmless.map((text) => [text, text]));
    expect(rows.map((row) => row.attempt ?? row.attempts)).toEqual(harmless.map(() => '-1'));
  });

  it('quotes every cell that holds what may end a cell or a row', () => {
    for (const text of [...formulas, ...harmless]) {
      const [, ...lines] = fileOf([text]).split('\r\n');
      const bare = lines.join('\r\n').replace(/"(?:[^"]|"")*"/g, '');
      expect(bare.replace(/\r\n$/, ''), text).not.toMatch(/["\r\n]/);
    }
  });
});
