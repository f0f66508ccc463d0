/** What a benchmark found, as a table with the targets beside the figures. */
export interface BenchResult {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Settings of the peers, and whatever else a reader must know to judge the figures. */
  readonly notes: readonly string[];
}

/** What the command line may change. */
export interface BenchOptions {
  readonly rounds: number;
  /** Length of a measured window. */
  readonly seconds: number;
  /** Calls of the large campaign of `polls`. */
  readonly calls: number;
  /** Folder for CPU profiles of the server, or `null`. */
  readonly profileTo: string | null;
  /** Tells how far it is. */
  readonly say: (line: string) => void;
}

/** The cells `to reach` and `reached` of a figure that has a target. */
export function verdict(target: string, reached: boolean): [string, string] {
  return [target, reached ? 'yes' : '**no**'];
}

/** The result as Markdown. */
export function markdown({ title, columns, rows, notes }: BenchResult): string {
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`## ${title}`, '', ...lines, '', ...notes.map((note) => `- ${note}`), ''].join('\n');
}
