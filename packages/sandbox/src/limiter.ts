/** Lets a bounded number of tasks run at once, the others in order of arrival. */
export interface Limiter {
  readonly run: <T>(task: () => Promise<T>) => Promise<T>;
  /** Resolves when fewer than `most` tasks wait. */
  readonly room: (most: number) => Promise<void>;
}

export function createLimiter(limit: number): Limiter {
  const waiting: (() => void)[] = [];
  const watching: { readonly most: number; readonly tell: () => void }[] = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < limit) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  // The place of a task that ends goes to the next in line, so that nobody who comes later can take it.
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
    while (watching[0] && waiting.length < watching[0].most) watching.shift()?.tell();
  }

  return {
    run: async (task) => {
      await enter();
      try {
        return await task();
      } finally {
        leave();
      }
    },
    room: async (most) => {
      if (waiting.length >= most) await new Promise<void>((tell) => watching.push({ most, tell }));
    },
  };
}
