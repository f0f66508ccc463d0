import { must } from '@ringside/core';
import type { Value } from '../access/steps.ts';

/**
 * The values of a statement about many rows. Lists are filled up to the next power of two with their last element, so that few
 * different texts are ever prepared; a statement must therefore not mind being told something twice.
 */
export class Parameters {
  readonly #values: Value[];

  /** @param first `$1` and on */
  constructor(...first: readonly Value[]) {
    this.#values = [...first];
  }

  get values(): readonly Value[] {
    return this.#values;
  }

  /** `$4, $5, …` for an IN. */
  list(values: readonly Value[]): string {
    return filledUp(values)
      .map((value) => this.#add(value))
      .join(', ');
  }

  /**
   * `($4, $5), ($6, $7), …` for a VALUES.
   * @param types of the columns, where they follow from nothing else
   */
  rows(rows: readonly (readonly Value[])[], types: readonly ('text' | 'bigint')[] = []): string {
    const texts = filledUp(rows).map((row, at) => {
      const cells = row.map((value) => this.#add(value));
      const typed = at > 0 ? cells : cells.map((cell, column) => castTo(types[column], cell));
      return `(${typed.join(', ')})`;
    });
    return texts.join(', ');
  }

  #add(value: Value): string {
    return `$${this.#values.push(value)}`;
  }
}

function castTo(type: string | undefined, cell: string): string {
  return type === undefined ? cell : `CAST(${cell} AS ${type})`;
}

function filledUp<T>(list: readonly T[]): readonly T[] {
  const last = must(list.at(-1), 'a statement about no rows is not asked');
  const length = 2 ** Math.ceil(Math.log2(list.length));
  return [...list, ...new Array<T>(length - list.length).fill(last)];
}
