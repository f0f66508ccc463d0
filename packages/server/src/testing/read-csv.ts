/** A file as a reader of RFC 4180 sees it, written apart from the writer. */
export function readCsv(text: string): { header: string[]; rows: Record<string, string>[] } {
  const [header = [], ...records] = recordsOf(text);
  const rows = records.map((record) => {
    if (record.length !== header.length) throw new Error(`a row of ${record.length} cells: ${record.join('|')}`);
    return Object.fromEntries(header.map((name, i) => [name, record[i] ?? '']));
  });
  return { header, rows };
}

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, next] = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    record.push(cell);
    at = next + 1;
    if (text[next] === ',') continue;
    if (text.slice(next, next + 2) !== '\r\n') throw new Error(`no end of line at ${next}`);
    records.push(record);
    record = [];
    at = next + 2;
  }
  return records;
}

function quotedCell(text: string, start: number): [cell: string, next: number] {
  let cell = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else return [cell, at + 1];
  }
  throw new Error('a quoted cell does not end');
}

function plainCell(text: string, start: number): [cell: string, next: number] {
  const found = /[,\r]/g;
  found.lastIndex = start;
  const next = found.exec(text)?.index ?? text.length;
  const cell = text.slice(start, next);
  if (/["\n]/.test(cell)) throw new Error(`an unquoted cell holds ${JSON.stringify(cell)}`);
  return [cell, next];
}
