import type { Touched } from '../ingest/receipt.ts';
import { type Topic, topicOfCampaign, topicOfWorkspace } from './bus.ts';

/** What is sent on one topic. */
export interface Message {
  readonly topic: Topic;
  readonly text: string;
}

/** After a commit, others may have theirs: so many go out together. */
const EVERY_MS = 50;
/** PostgreSQL carries no more than 8,000 bytes; a campaign id has at most 128 characters, a workspace's 64. */
const MOST_IN_A_MESSAGE = 30;

/** Gathers what a node committed, and sends it at most twenty times a second: of a campaign only its newest version. */
export class Outbox {
  readonly #from: string;
  readonly #send: (messages: readonly Message[]) => void;
  readonly #waiting = new Map<string, Touched>();
  #timer: NodeJS.Timeout | null = null;

  /** @param from name of this node, by which it knows its own messages again */
  constructor(from: string, send: (messages: readonly Message[]) => void) {
    this.#from = from;
    this.#send = send;
  }

  add(touched: readonly Touched[]): void {
    for (const one of touched) {
      const key = `${one.workspace}\0${one.campaignId}`;
      if (one.version > (this.#waiting.get(key)?.version ?? 0)) this.#waiting.set(key, one);
    }
    if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => this.flush(), EVERY_MS);
  }

  /** Sends what is gathered, now. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const touched = [...this.#waiting.values()];
    this.#waiting.clear();
    if (touched.length > 0) this.#send(messagesOf(this.#from, touched));
  }
}

function messagesOf(from: string, touched: readonly Touched[]): Message[] {
  const messages = touched.map((one) => ({ topic: topicOfCampaign(one), text: textOf(from, [one]) }));
  for (const [workspace, own] of byWorkspace(touched)) {
    for (let at = 0; at < own.length; at += MOST_IN_A_MESSAGE) {
      messages.push({
        topic: topicOfWorkspace(workspace),
        text: textOf(from, own.slice(at, at + MOST_IN_A_MESSAGE)),
      });
    }
  }
  return messages;
}

function byWorkspace(touched: readonly Touched[]): Map<string, Touched[]> {
  const groups = new Map<string, Touched[]>();
  for (const one of touched) {
    const group = groups.get(one.workspace);
    if (group) group.push(one);
    else groups.set(one.workspace, [one]);
  }
  return groups;
}

function textOf(from: string, touched: readonly Touched[]): string {
  return JSON.stringify([from, touched.map(({ workspace, campaignId, version }) => [workspace, campaignId, version])]);
}

/** @returns what another node committed; nothing for a message of one's own, or one that makes no sense */
export function touchedIn(text: string, self: string): Touched[] {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(message) || message[0] === self || !Array.isArray(message[1])) return [];
  return message[1].flatMap((item: unknown) => {
    if (!Array.isArray(item)) return [];
    const [workspace, campaignId, version] = item;
    const isWhole = typeof workspace === 'string' && typeof campaignId === 'string' && Number.isSafeInteger(version);
    return isWhole ? [{ workspace, campaignId, version }] : [];
  });
}
