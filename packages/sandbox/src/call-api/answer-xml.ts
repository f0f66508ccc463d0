/** What an answer document makes of its call. `silent`: it says nothing, so the call is over at once. */
export type AnswerVerdict = 'goes on' | 'hangup' | 'silent' | 'invalid';

const largest = 100_000;
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/gy;

/** Reads the document that an answer URL gave: whether it is one, and what its first instruction is. */
export function readAnswer(xml: string): AnswerVerdict {
  if (xml.length > largest) return 'invalid';
  const elements = elementsOf(xml.replace(/^\uFEFF/, '').trim());
  if (elements === null) return 'invalid';
  const [root, first] = elements;
  if (root !== 'Response') return 'invalid';
  if (first === undefined) return 'silent';
  return first === 'Hangup' ? 'hangup' : 'goes on';
}

/** Names of the root and of what it holds directly, in order; `null` if the text is not one well-formed element. */
function elementsOf(xml: string): readonly string[] | null {
  const names: string[] = [];
  const open: string[] = [];
  let end = 0;
  for (const [text, closes, name, , empty] of xml.matchAll(token)) {
    end += text.length;
    if (name === undefined) {
      if (!isAllowed(text, open.length > 0)) return null;
      continue;
    }
    if (closes) {
      if (open.pop() !== name) return null;
      continue;
    }
    if (open.length === 0 && names.length > 0) return null;
    if (open.length <= 1) names.push(name);
    if (!empty) open.push(name);
  }
  return end === xml.length && open.length === 0 && names.length > 0 ? names : null;
}

/** Anything but a tag: text must be inside the root, and its ampersands written out. */
function isAllowed(text: string, isInside: boolean): boolean {
  if (text.startsWith('<![')) return isInside;
  if (text.startsWith('<')) return true;
  return isInside ? !/&(?!#?\w+;)/.test(text) : text.trim() === '';
}
