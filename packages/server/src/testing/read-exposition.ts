/** What `GET /metrics` answered, read as Prometheus reads it. */
export class Exposition {
  /** By name and labels, as they stand in the text. */
  readonly values = new Map<string, number>();
  readonly types = new Map<string, string>();
  readonly #help = new Set<string>();

  /** @throws Error for a line that Prometheus would refuse, or a metric without its help and type */
  constructor(text: string) {
    for (const line of text.split('\n')) if (line !== '') this.#read(line);
  }

  /** Names of metrics, without the endings of a histogram's lines. */
  get names(): string[] {
    return [...this.types.keys()];
  }

  /** @param line such as `ringside_ready` or `ringside_x_total{kind="a"}` */
  value(line: string): number | undefined {
    return this.values.get(line);
  }

  #read(line: string): void {
    const help = /^# HELP (\S+) \S.*$/.exec(line);
    if (help) return void this.#help.add(help[1] ?? '');
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (type) return void this.types.set(type[1] ?? '', type[2] ?? '');
    const label = '[a-z_]+="(?:[^"\\\\\\n]|\\\\.)*"';
    const sample = new RegExp(`^([a-z_0-9:]+)(\\{${label}(?:,${label})*\\})? (\\S+)$`).exec(line);
    if (!sample) throw new Error(`no line of an exposition: ${line}`);
    const [, name = '', labels = '', value = ''] = sample;
    const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
    // A mean of nothing is none, which Prometheus reads in any case of letters.
    const isNumber = !Number.isNaN(number) || value.toLowerCase() === 'nan';
    if (!isNumber || this.values.has(name + labels)) throw new Error(`not a value, or the second: ${line}`);
    const metric = this.types.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
    if (!this.types.has(metric) || !this.#help.has(metric)) throw new Error(`no help and type before: ${line}`);
    this.values.set(name + labels, number);
  }
}
