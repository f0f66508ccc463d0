import { type Course, courseOf } from '../course.ts';
import { seededRandom } from '../random.ts';
import type { Scenario } from '../scenarios.ts';
import type { CallRequest } from './call-request.ts';

/** What decides how the calls of the API go. */
export interface Odds {
  readonly seed: string;
  readonly scenario: Scenario;
}

/**
 * The course of a call that was asked for: a pure function of the seed, the number, how often it was called, and what
 * the request allows.
 *
 * @param attempt counts the calls of that number, from 1
 */
export function courseOfRequest({ seed, scenario }: Odds, request: CallRequest, attempt: number): Course {
  const { to, machineDetection, timeLimitSeconds } = request;
  const played = {
    ...scenario,
    maxCallSeconds: timeLimitSeconds,
    machine: { ...scenario.machine, hungUp: machineDetection === 'hangup' ? 1 : 0 },
  };
  // There is no list here: a number has its place in the scenario's drift by itself.
  const through = seededRandom(seed, 'through', to)();
  const callee = { seed, contact: to, attempt, through, answerFactor: 1 };
  const course = courseOf(played, callee, seededRandom(seed, to, attempt));
  const detected = machineDetection === null ? undetected(course) : course;
  return withTimeLimit(withRingTimeout(detected, request.ringTimeoutSeconds), timeLimitSeconds);
}

/** Where nobody looks for machines, a machine is as good as a person. */
function undetected(course: Course): Course {
  return course.machine === null ? course : { ...course, machine: null, answeredBy: 'human' };
}

function withRingTimeout(course: Course, seconds: number): Course {
  if (course.ringMs === null) return course;
  const timeoutMs = course.ringMs + seconds * 1_000;
  // Code 6010 means that the callee would have let it ring for ever.
  const ringsUntil = course.code === 6010 ? Number.POSITIVE_INFINITY : (course.answerMs ?? course.endMs);
  if (ringsUntil <= timeoutMs) return course;
  return { ...course, answerMs: null, endMs: timeoutMs, code: 6010, answeredBy: null, machine: null, lead: null };
}

function withTimeLimit(course: Course, seconds: number): Course {
  if (course.answerMs === null) return course;
  const latestMs = course.answerMs + seconds * 1_000;
  if (course.endMs <= latestMs) return course;
  const machine = course.machine !== null && course.machine.atMs <= latestMs ? course.machine : null;
  return { ...course, endMs: latestMs, code: 6000, machine, answeredBy: machine === null ? 'human' : 'machine' };
}
