import { closeSync, openSync, statSync, writeSync } from 'node:fs';

const PAGE = 4096;

/** Overwrites some pages in the middle of a database with what is no page. */
export function spoilPages(path: string): void {
  const file = openSync(path, 'r+');
  const middle = Math.floor(statSync(path).size / PAGE / 2);
  for (let page = middle; page < middle + 3; page += 1) writeSync(file, Buffer.alloc(PAGE, 0xa5), 0, PAGE, page * PAGE);
  closeSync(file);
}
