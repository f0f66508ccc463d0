/** One `FROM` and what follows it. */
export interface Stage {
  readonly name: string | null;
  /** Shell commands, in order. */
  readonly runs: readonly string[];
  /** What is taken from another stage. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[] | null;
  readonly user: string | null;
  readonly stopSignal: string | null;
}

/** Reads as much of a Dockerfile as ours uses. */
export function readDockerfile(text: string): readonly Stage[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const starts = lines.flatMap((line, at) => (line.startsWith('FROM ') ? [at] : []));
  return starts.map((start, n) => readStage(lines.slice(start, starts[n + 1])));
}

function readStage(lines: readonly string[]): Stage {
  const all = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const last = (word: string): string | null => all(word).at(-1) ?? null;
  const command = (text: string | null): string[] | null =>
    text === null ? null : JSON.parse(text.slice(text.indexOf('[')));
  const copied = all('COPY').filter((copy) => copy.startsWith('--from='));
  return {
    name: / AS (\w+)$/.exec(lines[0] ?? '')?.[1] ?? null,
    runs: all('RUN'),
    copies: copied.map((copy) => {
      const [, from = '', to = ''] = copy.split(' ');
      return { from, to };
    }),
    env: Object.fromEntries(all('ENV').flatMap((set) => set.split(' ').map((one) => one.split('=')))),
    entrypoint: command(last('ENTRYPOINT')) ?? [],
    healthcheck: command(last('HEALTHCHECK')),
    user: last('USER'),
    stopSignal: last('STOPSIGNAL'),
  };
}

/**
 * What a `.dockerignore` leaves of some paths: the last line that fits a path, or a folder above it, decides.
 * @param paths with slashes, relative to the folder of the file
 */
export function withoutIgnored(paths: readonly string[], ignore: string): string[] {
  const rules = ignore
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return paths.filter((path) => rules.findLast(({ pattern }) => pattern.test(path))?.keeps ?? true);
}

function patternOf(line: string): RegExp {
  const parts = line.split(/(\*\*\/|\*)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}(?:/.*)?$`);
}
