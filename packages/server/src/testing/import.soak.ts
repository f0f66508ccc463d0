import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runMeasured } from './measured-process.ts';
import { csvOf, pastHangups } from './past-calls.ts';
import { temporaryFolder } from './running-server.ts';

const ROWS = Number(process.env.ROWS ?? 1_000_000);
const CHUNK = 10_000;
const MOST_MEGABYTES = 300;
const T0 = Date.UTC(2025, 0, 1);
/** Chunks overlap: a million calls in a day. */
const SPACING_MS = 50;

it('imports a million rows in bounded memory', async () => {
  const folder = temporaryFolder();
  try {
    const path = join(folder.path, 'calls.csv');
    writeCalls(path);
    const data = join(folder.path, 'data');
    const run = await runMeasured(['import', path, '--campaign', 'past', '--zone', 'Asia/Kolkata', '--data-dir', data]);
    const { code, out, err, seconds, peakMegabytes } = run;
    console.log(
      `import of ${ROWS} rows: ${seconds.toFixed(0)} s, at most ${peakMegabytes} MB, wanted ${MOST_MEGABYTES} MB`,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${ROWS.toLocaleString('en')} imported, 0 known already, 0 bad`);
    expect(peakMegabytes).toBeLessThan(MOST_MEGABYTES);
  } finally {
    folder.remove();
  }
});

function writeCalls(path: string): void {
  const file = openSync(path, 'w');
  for (let from = 0; from < ROWS; from += CHUNK) {
    const forms = pastHangups(Math.min(CHUNK, ROWS - from), `p${from / CHUNK}`, T0 + from * SPACING_MS);
    // Each call is to somebody else, as in a large campaign.
    const text = csvOf(forms.map((form, n) => ({ ...form, To: `9198${String(from + n).padStart(8, '0')}` })));
    writeSync(file, from === 0 ? text : text.slice(text.indexOf('\n') + 1));
  }
  closeSync(file);
}
