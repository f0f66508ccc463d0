import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

const LOOK_EVERY_MS = 200;

/**
 * Hands each connection to the next node that is ready, as a balancer does: it asks every node for /readyz, and goes to
 * another one only where a connection was refused. It never sends anything twice.
 */
export class Balancer {
  readonly #nodes = new Map<string, boolean>();
  readonly #server = createServer((client) => this.#serve(client));
  readonly #open = new Set<Socket>();
  #looking: NodeJS.Timeout | null = null;
  #turn = 0;

  /** @returns its URL */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async add(url: string): Promise<void> {
    this.#nodes.set(url, false);
    await this.#look();
  }

  remove(url: string): void {
    this.#nodes.delete(url);
  }

  close(): void {
    if (this.#looking) clearInterval(this.#looking);
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  async #look(): Promise<void> {
    await Promise.all(
      [...this.#nodes.keys()].map(async (url) => {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
        await answer?.arrayBuffer();
        if (this.#nodes.has(url)) this.#nodes.set(url, answer?.ok === true);
      }),
    );
  }

  #serve(client: Socket): void {
    this.#open.add(client);
    client.on('close', () => this.#open.delete(client));
    client.on('error', () => client.destroy());
    const ready = [...this.#nodes].flatMap(([url, isReady]) => (isReady ? [url] : []));
    this.#turn += 1;
    this.#connect(
      client,
      ready.map((_, at) => ready[(at + this.#turn) % ready.length] ?? ''),
    );
  }

  #connect(client: Socket, [url, ...others]: readonly string[]): void {
    if (url === undefined) return void client.destroy();
    const { port, hostname } = new URL(url);
    const node = connect(Number(port), hostname);
    this.#open.add(node);
    node.once('connect', () => {
      node.removeAllListeners('error');
      node.on('error', () => client.destroy());
      client.on('error', () => node.destroy());
      client.pipe(node);
      node.pipe(client);
    });
    node.once('error', () => this.#connect(client, others));
    node.on('close', () => this.#open.delete(node));
  }
}
