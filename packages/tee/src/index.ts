export { isSigned, type SeenRequest, type TeedCallback } from './callback.ts';
export type { Drop, NoticeHandlers, Refusal, TeeProblem } from './notices.ts';
export type { TeeOptions } from './options.ts';
export { createTee, type Tee, type TeeStatus } from './tee.ts';
