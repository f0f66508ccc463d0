import type { ClientMessage, Overview, Report } from '@ringside/protocol';

/** Something that can be followed: one campaign, or the overview of the workspace. */
export type Topic = { readonly kind: 'campaign'; readonly campaignId: string } | { readonly kind: 'overview' };

/** What is followed, by kind of topic. */
export type TopicValue = Report | Overview;

/** A key for maps, the same for equal topics. */
export function topicKey(topic: Topic): string {
  return topic.kind === 'overview' ? 'overview' : `campaign ${topic.campaignId}`;
}

/** Form of a campaign's id: that of the protocol, whose schemas a client does without. */
export const POSSIBLE_ID = /^(?!__proto__$)[A-Za-z0-9._:-]{1,128}$/;

/** Whether the server can know such a topic. It closes the connection of a client that names any other. */
export function canExist(topic: Topic): boolean {
  return topic.kind === 'overview' || POSSIBLE_ID.test(topic.campaignId);
}

/** The message that begins following a topic, or asks for a fresh snapshot of it. */
export function subscribeTo(topic: Topic): ClientMessage {
  if (topic.kind === 'overview') return { type: 'subscribe', overview: true };
  return { type: 'subscribe', campaignId: topic.campaignId };
}

export function unsubscribeFrom(topic: Topic): ClientMessage {
  if (topic.kind === 'overview') return { type: 'unsubscribe', overview: true };
  return { type: 'unsubscribe', campaignId: topic.campaignId };
}
