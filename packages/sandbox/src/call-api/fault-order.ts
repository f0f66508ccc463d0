import { type Faults, noFaults } from '../faults.ts';
import { type FaultSettings, isPostFault, type PostFault } from './post-faults.ts';

/** What shall go wrong from now on, or what is wrong with the order. */
export type FaultOrder =
  | { readonly ok: true; readonly changes: Partial<FaultSettings>; readonly next: readonly PostFault[] }
  | { readonly ok: false; readonly error: string };

type Check = (value: unknown) => boolean;

const isAmount: Check = (value) => typeof value === 'number' && value >= 0;
const isShare: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const isTexts: Check = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');

/** By their names: the settings, and `next`, the faults that the next requests meet. */
const checks: Readonly<Record<string, Check>> = {
  shares: (value) => isEach(value, isPostFault, isShare),
  slowMs: isAmount,
  hangMs: isAmount,
  forbidden: isTexts,
  reads: isShare,
  callbacks: (value) => isEach(value, (name) => Object.hasOwn(noFaults, name), isAmount),
  next: (value) => isTexts(value) && (value as string[]).every(isPostFault),
};

/** Reads a body such as `{"shares": {"lost-answer": 0.01}, "next": ["hang"], "hangMs": 5000}`. */
export function readFaultOrder(text: string | null): FaultOrder {
  const body = parseObject(text);
  if (body === null) return { ok: false, error: 'the body must be a JSON object' };
  for (const [name, value] of Object.entries(body)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) return { ok: false, error: `there is no setting ${name}` };
    if (!check(value)) return { ok: false, error: `${name} cannot be used` };
  }
  const { next = [], callbacks, ...others } = body as OrderBody;
  const changes = callbacks === undefined ? others : { ...others, callbacks: { ...noFaults, ...callbacks } };
  return { ok: true, changes, next };
}

/** A body that passed the checks. */
type OrderBody = Partial<Omit<FaultSettings, 'callbacks'>> & {
  readonly callbacks?: Partial<Faults>;
  readonly next?: readonly PostFault[];
};

function parseObject(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEach(value: unknown, isName: (name: string) => boolean, check: Check): boolean {
  return isObject(value) && Object.entries(value).every(([name, item]) => isName(name) && check(item));
}
