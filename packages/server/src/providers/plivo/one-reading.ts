import { beginsAt, type Fields, isKnown, OWN, READ } from './fields.ts';
import { hasAny, type Params } from './form.ts';

/**
 * The signed text joins names and values without separators, so it can be cut into other fields, and the signature
 * matches all the same.
 * @returns why what was signed may have been other fields than these, or `null`
 */
export function otherReading({ query, body, isPlain }: Fields): string | null {
  const twice = givenTwice(query) ?? (isPlain ? null : givenTwice(body));
  if (twice !== null) return `the field ${twice} is given twice`;
  if (!isPlain) for (const name in body) if (!/^[A-Za-z]/.test(name)) return 'the body has a name that no field has';
  const hidden = (isPlain ? null : hiddenInBody(body)) ?? hiddenInQuery(query, body);
  return hidden && `the field ${hidden} is missing, and stands in the text of others`;
}

function givenTwice(params: Params): string | null {
  for (const name in params) if (Array.isArray(params[name])) return name.slice(0, 64);
  return null;
}

/** A field that is read, is missing, and stands with a value in the text of the body, whatever that is cut into. */
function hiddenInBody(body: Params): string | null {
  let text = '';
  const places = Object.keys(body)
    .sort()
    .map((name) => {
      const at = text.length;
      text += name + body[name];
      return { name, at };
    });
  return READ.find((name) => body[name] === undefined && isHidden(name, text, places)) ?? null;
}

interface Place {
  readonly name: string;
  readonly at: number;
}

function isHidden(name: string, text: string, places: readonly Place[]): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const to = at + name.length;
    // A name such as BillDuration holds that of another field.
    const isInName = places.some(
      (place) => isKnown(place.name) && place.at <= at && to <= place.at + place.name.length,
    );
    if (!isInName && beginsAt(name, text, to) && mayStand(name, at, places)) return true;
  }
  return false;
}

/** What was signed was sorted: a field has not stood behind a known one that comes after it. */
function mayStand(name: string, at: number, places: readonly Place[]): boolean {
  return places.every((place) => !isKnown(place.name) || (place.at <= at ? place.name <= name : place.name >= name));
}

/** The same for the query. A body may have begun in it, at a full stop. */
function hiddenInQuery(query: Params, body: Params): string | null {
  let text = '';
  const places = Object.keys(query)
    .sort()
    .map((name) => {
      const at = text.length;
      text += `${name}=${query[name]}&`;
      return { name, at };
    });
  const inBody = hasAny(body);
  const parameters: readonly string[] = inBody ? OWN : [...OWN, ...READ];
  const own = parameters.find((name) => query[name] === undefined && isParameterIn(name, text, places));
  if (own !== undefined) return own;
  const given = inBody ? body : query;
  const stop = text.indexOf('.');
  if (stop < 0) return null;
  return FIRST.find((name) => given[name] === undefined && isHidden(name, text.slice(stop), [])) ?? null;
}

/** Those of the fields that are read with which a sorted body begins. */
const FIRST = ['ALegRequestUUID', 'ALegUUID', 'AnswerTime', 'BillDuration', 'CallStatus', 'CallUUID'];

/** Whether a parameter stands in the text of others, at a place where it may have been one of its own. */
function isParameterIn(name: string, text: string, places: readonly Place[]): boolean {
  const sign = `${name}=`;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    if (at > 0 && text.charAt(at - 1) !== '&') continue;
    const isInOrder = places.every((place) =>
      place.at <= at ? place.name.split('=', 1).join() <= name : place.name >= name,
    );
    if (isInOrder) return true;
  }
  return false;
}
