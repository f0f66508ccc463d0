import { parse } from 'libpg-query';

type Node = Readonly<Record<string, unknown>>;

/** A table of a statement, and the names by which it is spoken of there. */
interface Range {
  readonly name: string;
  readonly table: string;
  isBound: boolean;
}

interface Scope {
  readonly ranges: Range[];
  readonly outer: Scope | null;
}

const KEY = 'campaign_key';

/**
 * The tables of a statement that are not bound to one campaign: by `campaign_key = $n`, by equality with the key of a
 * table that is, or by inserting `$n` there. Conditions count where they always hold: not under OR or NOT.
 * @param hot tables that must be bound
 */
export async function unboundTables(sql: string, hot: readonly string[]): Promise<string[]> {
  return (await readBindings(sql, hot)).unbound();
}

/** Those of some tables that a statement touches. */
export async function tablesOf(sql: string, which: readonly string[]): Promise<string[]> {
  return (await readBindings(sql, which)).touched();
}

async function readBindings(sql: string, tables: readonly string[]): Promise<BindingReader> {
  const { stmts = [] } = (await parse(sql)) as { stmts?: { stmt?: Node }[] };
  const reader = new BindingReader(new Set(tables));
  for (const { stmt } of stmts) reader.read(stmt, null);
  return reader;
}

class BindingReader {
  readonly #hot: ReadonlySet<string>;
  readonly #ranges: Range[] = [];
  readonly #pairs: [Range, Range][] = [];
  readonly #inserts: { readonly table: string; readonly isBound: boolean }[] = [];

  constructor(hot: ReadonlySet<string>) {
    this.#hot = hot;
  }

  unbound(): string[] {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [a, b] of this.#pairs) {
        if (a.isBound === b.isBound) continue;
        a.isBound = true;
        b.isBound = true;
        changed = true;
      }
    }
    return [...this.#ranges, ...this.#inserts].filter(({ isBound }) => !isBound).map(({ table }) => table);
  }

  touched(): string[] {
    return [...this.#ranges, ...this.#inserts].map(({ table }) => table);
  }

  read(node: unknown, outer: Scope | null): void {
    if (Array.isArray(node)) for (const one of node) this.read(one, outer);
    if (!isNode(node)) return;
    for (const [kind, inner] of Object.entries(node)) {
      if (/^(Select|Update|Delete|Insert)Stmt$/.test(kind) && isNode(inner)) this.#statement(kind, inner, outer);
      else this.read(inner, outer);
    }
  }

  #statement(kind: string, statement: Node, outer: Scope | null): void {
    const scope: Scope = { ranges: [], outer };
    if (kind === 'InsertStmt') this.#insert(statement);
    else if (isNode(statement.relation)) this.#range(statement.relation, scope);
    for (const from of [statement.fromClause, statement.usingClause]) this.#tables(from, scope);
    this.#condition(statement.whereClause, scope);
    for (const side of [statement.larg, statement.rarg]) if (side) this.#statement('SelectStmt', side as Node, outer);
    const { larg: _l, rarg: _r, fromClause: _f, usingClause: _u, relation: _t, whereClause, ...rest } = statement;
    this.read([whereClause, rest], scope);
  }

  /** What is selected from in a FROM, with the conditions of its joins. */
  #tables(node: unknown, scope: Scope): void {
    for (const item of Array.isArray(node) ? node : [node]) {
      if (!isNode(item)) continue;
      const { RangeVar: table, JoinExpr: join } = item;
      if (isNode(table)) this.#range(table, scope);
      else if (isNode(join)) {
        this.#tables([join.larg, join.rarg], scope);
        this.#condition(join.quals, scope);
        this.read(join.quals, scope);
      } else this.read(item, scope);
    }
  }

  #range(variable: Node, scope: Scope): void {
    const table = String(variable.relname);
    if (!this.#hot.has(table)) return;
    const { aliasname } = (variable.alias ?? {}) as { aliasname?: string };
    const range = { table, name: aliasname ?? table, isBound: false };
    scope.ranges.push(range);
    this.#ranges.push(range);
  }

  #condition(node: unknown, scope: Scope): void {
    if (!isNode(node)) return;
    const { BoolExpr: both, A_Expr: equality } = node;
    if (isNode(both) && both.boolop === 'AND_EXPR') for (const arg of both.args as Node[]) this.#condition(arg, scope);
    if (!isNode(equality) || equality.kind !== 'AEXPR_OP') return;
    if (JSON.stringify(equality.name) !== '[{"String":{"sval":"="}}]') return;
    const sides = [equality.lexpr, equality.rexpr];
    const keys = sides.flatMap((side) => this.#keyOf(side, scope) ?? []);
    const [first, second] = keys;
    if (first && second) this.#pairs.push([first, second]);
    else if (first && sides.some(isParameter)) first.isBound = true;
  }

  /** The table whose `campaign_key` an expression is. */
  #keyOf(node: unknown, scope: Scope | null): Range | undefined {
    const fields = isNode(node) && isNode(node.ColumnRef) ? (node.ColumnRef.fields as Node[]) : [];
    const names = fields.map((field) => (field.String as { sval?: string } | undefined)?.sval);
    if (names.at(-1) !== KEY) return undefined;
    for (let at = scope; at; at = at.outer) {
      const found = names.length === 1 ? at.ranges[0] : at.ranges.find(({ name }) => name === names[0]);
      if (found) return found;
    }
    return undefined;
  }

  #insert({ relation, cols, selectStmt }: Node): void {
    const table = String((relation as Node).relname);
    if (!this.#hot.has(table)) return;
    const columns = (cols as { ResTarget: { name: string } }[]).map(({ ResTarget: { name } }) => name);
    const place = columns.indexOf(KEY);
    const { SelectStmt: source } = selectStmt as { SelectStmt: Node };
    const values = (source?.valuesLists as { List: { items: Node[] } }[] | undefined)?.map(
      ({ List }) => List.items[place],
    );
    const selected = (source?.targetList as { ResTarget: { val: Node } }[] | undefined)?.[place]?.ResTarget.val;
    this.#inserts.push({ table, isBound: place >= 0 && (values ?? [selected]).every(isParameter) });
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isParameter(node: unknown): boolean {
  return isNode(node) && 'ParamRef' in node;
}
