/** What stands one a line or with commas between, each once: numbers may have spaces in them. */
export function linesOf(text: string): string[] {
  const lines = text.split(/[\n,;]+/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
