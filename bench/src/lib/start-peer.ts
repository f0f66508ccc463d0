import { once } from 'node:events';
import { forkScript } from './fork-script.ts';
import type { FromPeer, PeerName, PeerSetup } from './peer.ts';

/** A peer that runs in a process of its own. */
export interface Peer {
  /** Where it listens; empty for a peer that does not. */
  readonly url: string;
  /** Its settings, in words. */
  readonly settings: string;
  /** Puts a question that this peer understands. */
  readonly ask: (question: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts a peer by the name of its file in `peers/`. */
export async function startPeer(name: PeerName, setup: PeerSetup): Promise<Peer> {
  const child = forkScript(new URL(`../peers/${name}.ts`, import.meta.url));
  const gone = once(child, 'exit').then(() => {
    throw new Error(`the peer ${name} stopped`);
  });
  gone.catch(() => {});
  const answer = async (): Promise<FromPeer> => {
    const [message] = (await Promise.race([once(child, 'message'), gone])) as [FromPeer];
    if (message.type === 'failed') throw new Error(`the peer ${name} failed: ${message.message}`);
    return message;
  };
  child.send({ type: 'start', setup });
  const ready = await answer();
  if (ready.type !== 'ready') throw new Error(`the peer ${name} said ${ready.type} first`);
  return {
    url: ready.url,
    settings: ready.settings,
    async ask(question) {
      child.send({ type: 'ask', question });
      const reply = await answer();
      if (reply.type !== 'answer') throw new Error(`the peer ${name} gave no answer to ${question}`);
      return reply.value;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
