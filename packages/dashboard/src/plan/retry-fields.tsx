import { outcomeWords } from '../definitions.ts';
import { TextField } from '../ui/field.tsx';
import { type RetriedOutcome, type RetryText, type RuleText, retriedOutcomes } from './retry-text.ts';

interface RetryFieldsProps {
  readonly retry: RetryText;
  readonly setRetry: (retry: RetryText) => void;
}

/** How often a contact is tried, and what is otherwise after some outcomes. */
export function RetryFields({ retry, setRetry }: RetryFieldsProps) {
  return (
    <div className="space-y-3">
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label="Calls to a contact, at most"
          type="number"
          required
          min={1}
          max={20}
          step={1}
          value={retry.attempts}
          onChange={({ target }) => setRetry({ ...retry, attempts: target.value })}
        />
        <TextField
          label="Minutes between them"
          type="number"
          required
          min={0}
          max={43_200}
          step="any"
          value={retry.minutes}
          onChange={({ target }) => setRetry({ ...retry, minutes: target.value })}
        />
      </div>
      <Rules retry={retry} setRetry={setRetry} />
    </div>
  );
}

/** What is otherwise after each outcome. */
function Rules({ retry, setRetry }: RetryFieldsProps) {
  return (
    <details>
      <summary className="cursor-pointer text-ink-2 hover:text-ink">Otherwise after some outcomes</summary>
      <p className="mt-2 text-12 text-ink-2">
        Empty is as above. A contact that was called once is not called again where the most is 1.
      </p>
      <table className="mt-2 w-full max-w-110">
        <thead className="text-12 text-ink-2">
          <tr>
            <th scope="col" className="h-8 text-left font-normal">
              After
            </th>
            <th scope="col" className="w-26 text-left font-normal">
              at most
            </th>
            <th scope="col" className="w-26 text-left font-normal">
              minutes
            </th>
          </tr>
        </thead>
        <tbody>
          {retriedOutcomes.map((outcome) => (
            <RuleRow
              key={outcome}
              outcome={outcome}
              rule={retry.outcomes[outcome]}
              usual={retry}
              setRule={(rule) => setRetry({ ...retry, outcomes: { ...retry.outcomes, [outcome]: rule } })}
            />
          ))}
        </tbody>
      </table>
    </details>
  );
}

interface RuleRowProps {
  readonly outcome: RetriedOutcome;
  readonly rule: RuleText;
  readonly usual: RuleText;
  readonly setRule: (rule: RuleText) => void;
}

const cellBox =
  'h-8 w-22 rounded-md border border-line-strong bg-canvas px-2 text-right tabular-nums placeholder:text-ink-3 max-sm:h-10 max-sm:text-16';

function RuleRow({ outcome, rule, usual, setRule }: RuleRowProps) {
  const { label, meaning } = outcomeWords[outcome];
  return (
    <tr>
      <th scope="row" title={meaning} className="h-10 text-left font-normal">
        {label}
      </th>
      <td>
        <input
          type="number"
          min={1}
          max={20}
          step={1}
          aria-label={`Calls that may end with ${label}`}
          placeholder={usual.attempts}
          value={rule.attempts}
          onChange={({ target }) => setRule({ ...rule, attempts: target.value })}
          className={cellBox}
        />
      </td>
      <td>
        <input
          type="number"
          min={0}
          max={43_200}
          step="any"
          aria-label={`Minutes until the next call after ${label}`}
          placeholder={usual.minutes}
          value={rule.minutes}
          onChange={({ target }) => setRule({ ...rule, minutes: target.value })}
          className={cellBox}
        />
      </td>
    </tr>
  );
}
