import { UploadRefused } from './upload-refused.ts';

/** What a column is read as; `-` is left out. */
export type Target = 'number' | 'contactId' | 'timezone' | 'attribute' | '-';

const targets: readonly Target[] = ['number', 'contactId', 'timezone', 'attribute', '-'];

/** Names that say what a column is, in small letters and without what separates words. */
const known: Readonly<Partial<Record<Target, readonly string[]>>> = {
  number: [
    ...['number', 'phone', 'phonenumber', 'phoneno', 'telephone', 'telephonenumber', 'tel', 'telno', 'msisdn', 'e164'],
    ...[
      'mobile',
      'mobilenumber',
      'mobileno',
      'mobilephone',
      'cell',
      'cellphone',
      'cellnumber',
      'contactnumber',
      'contactno',
    ],
  ],
  contactId: ['id', 'contactid', 'customerid', 'leadid', 'clientid', 'crmid', 'externalid', 'memberid'],
  timezone: ['timezone', 'tz', 'timezoneid'],
};
const byName = new Map(
  Object.entries(known).flatMap(([target, names]) => names.map((name) => [name, target as Target])),
);

/** Columns of a file of columns are few; rows of JSON may each have names of their own. */
const MOST_REMEMBERED = 200;

/**
 * What each column of a list is read as: as somebody said, else as its name says, and of several such columns the
 * first; everything else is an attribute.
 */
export class Columns {
  readonly #mapping: ReadonlyMap<string, Target>;
  readonly #read = new Map<string, Target>();
  readonly #taken: Set<Target>;

  constructor(mapping: ReadonlyMap<string, Target>) {
    this.#mapping = mapping;
    this.#taken = new Set(mapping.values());
  }

  targetOf(name: string): Target {
    const before = this.#read.get(name);
    if (before !== undefined) return before;
    const target = this.#mapping.get(name) ?? this.#recognised(name);
    if (this.#read.size < MOST_REMEMBERED) this.#read.set(name, target);
    return target;
  }

  /** Columns that were named and are not among these. */
  missingIn(names: readonly string[]): readonly string[] {
    return [...this.#mapping.keys()].filter((name) => !names.includes(name));
  }

  /** What was met so far, for the answer. */
  asRead(): Record<string, string> {
    return Object.fromEntries(this.#read);
  }

  #recognised(name: string): Target {
    const target = byName.get(name.toLowerCase().replace(/[\s_.-]/g, '')) ?? 'attribute';
    if (target === 'attribute' || this.#taken.has(target)) return 'attribute';
    this.#taken.add(target);
    return target;
  }
}

/** `column:number,other:contactId,x:-` as it is given in a query. @throws UploadRefused */
export function parseMapping(text: string): ReadonlyMap<string, Target> {
  const pairs = text.split(',').map((pair): [string, Target] => {
    const colon = pair.lastIndexOf(':');
    const name = pair.slice(0, Math.max(0, colon)).trim();
    const target = targets.find((one) => one === pair.slice(colon + 1).trim());
    if (name === '' || target === undefined)
      throw new UploadRefused(
        'validation-failed',
        `map: write column:target, where target is one of ${targets.join(', ')}`,
      );
    return [name, target];
  });
  const mapping = new Map(pairs);
  const single = pairs.filter(([, target]) => target !== 'attribute' && target !== '-');
  if (mapping.size < pairs.length || new Set(single.map(([, target]) => target)).size < single.length)
    throw new UploadRefused('validation-failed', 'map: names a column twice, or two columns for one target');
  return mapping;
}
