/** A time as it stands in a file name: `20261122T201244Z`. */
export function fileTime(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}
