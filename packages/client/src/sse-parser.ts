/** Cuts a stream of server-sent events into the `data` of each event. */
export class SseParser {
  #rest = '';
  #data: string[] = [];

  /** @returns the data of the events that this piece of text completes */
  push(text: string): string[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    const events: string[] = [];
    for (const line of lines) {
      if (line === '' && this.#data.length > 0) events.push(this.#data.splice(0).join('\n'));
      else if (line.startsWith('data:')) this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    return events;
  }
}
