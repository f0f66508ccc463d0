/**
 * Puts a parsed form together again. The text differs from the one that came (order, escapes), but Plivo signs the
 * decoded and sorted fields, so Ringside's check proves that the result says the same, or refuses it.
 *
 * @returns `null` when it is no form, or when parsing has visibly lost something: nested fields, lists of one (from
 * `a[]=`), values that are no strings, nothing at all
 */
export function rebuildForm(contentType: string | undefined, fields: unknown): string | null {
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) return null;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return null;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    const values: readonly unknown[] = Array.isArray(value) && value.length > 1 ? value : [value];
    for (const one of values) {
      if (typeof one !== 'string') return null;
      form.append(name, one);
    }
  }
  return form.size === 0 ? null : form.toString();
}
