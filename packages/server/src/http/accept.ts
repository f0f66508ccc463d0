/** Whether a client would rather have HTML than JSON: a browser that opens an address does, a program does not. */
export function prefersHtml(accept: string | undefined): boolean {
  return quality(accept ?? '*/*', 'text/html') > quality(accept ?? '*/*', 'application/json');
}

/** The weight that an `Accept` header gives a type, by its most specific range (RFC 9110, 12.5.1). */
function quality(accept: string, type: string): number {
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(range, weight === undefined ? 1 : Number(weight) || 0);
  }
  return weights.get(type) ?? weights.get(type.replace(/\/.*/, '/*')) ?? weights.get('*/*') ?? 0;
}
