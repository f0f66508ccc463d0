import { Plus, X } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { ChoiceField, SelectField, TextArea } from '../ui/field.tsx';
import { type HoursText, officeHours, type WindowText, weekdays } from './hours-text.ts';

interface HoursFieldsProps {
  readonly hours: HoursText;
  readonly setHours: (hours: HoursText) => void;
}

const choices = [
  { value: 'any', label: 'At any time', meaning: 'day and night' },
  { value: 'within', label: 'Only within these hours', meaning: 'outside of them it waits' },
] as const;

/** When contacts may be called. */
export function HoursFields({ hours, setHours }: HoursFieldsProps) {
  return (
    <div className="space-y-4">
      <ChoiceField
        label="Calling hours"
        value={hours.when}
        setValue={(when) => setHours({ ...hours, when })}
        options={choices}
      />
      {hours.when === 'within' && (
        <>
          <Windows hours={hours} setHours={setHours} />
          <SelectField
            label="Whose clock"
            value={hours.zone}
            onChange={({ target }) => setHours({ ...hours, zone: target.value as HoursText['zone'] })}
          >
            <option value="campaign">The campaign’s time zone</option>
            <option value="contact">Each contact’s own, from a column of the file</option>
          </SelectField>
          <TextArea
            label="Days without calls (optional)"
            note="Dates such as 2026-12-25, one a line."
            rows={2}
            spellCheck={false}
            value={hours.holidays}
            onChange={({ target }) => setHours({ ...hours, holidays: target.value })}
          />
        </>
      )}
    </div>
  );
}

/** Hours on days, in as many lines as there are different ones. */
function Windows({ hours, setHours }: HoursFieldsProps) {
  const { windows } = hours;
  const set = (changed: readonly WindowText[]): void => setHours({ ...hours, windows: changed });
  return (
    <>
      <ul className="space-y-3">
        {windows.map((window, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is what stands in its place
          <li key={index} className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <WindowFields
              window={window}
              nth={index + 1}
              setWindow={(changed) => set(windows.map((other, at) => (at === index ? changed : other)))}
            />
            {windows.length > 1 && (
              <Button
                small
                kind="quiet"
                aria-label={`Remove hours ${index + 1}`}
                onClick={() => set(windows.filter((_, at) => at !== index))}
                className="w-8 px-0! max-sm:w-9"
              >
                <X aria-hidden="true" className="size-4" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button small onClick={() => set([...windows, { ...officeHours, days: [7] }])}>
        <Plus aria-hidden="true" className="size-3.5" />
        Other hours on other days
      </Button>
    </>
  );
}

interface WindowFieldsProps {
  readonly window: WindowText;
  /** Which line it is, for screen readers. */
  readonly nth: number;
  readonly setWindow: (window: WindowText) => void;
}

const timeBox = 'h-9 rounded-md border border-line-strong bg-canvas px-2 tabular-nums max-sm:h-10';

function WindowFields({ window, nth, setWindow }: WindowFieldsProps) {
  const { days, from, to } = window;
  const toggle = (day: number): void =>
    setWindow({ ...window, days: days.includes(day) ? days.filter((other) => other !== day) : [...days, day] });
  return (
    <>
      <fieldset className="flex overflow-hidden rounded-md border border-line-strong">
        <legend className="sr-only">Days of hours {nth}</legend>
        {weekdays.map((name, index) => {
          const isOn = days.includes(index + 1);
          return (
            <button
              key={name}
              type="button"
              aria-pressed={isOn}
              onClick={() => toggle(index + 1)}
              className={classes(
                'h-8.5 border-r border-line px-2 text-12 last:border-r-0 focus-visible:-outline-offset-2 max-sm:h-9.5',
                isOn ? 'bg-ink font-medium text-canvas' : 'text-ink-2 hover:bg-raised hover:text-ink',
              )}
            >
              {name}
            </button>
          );
        })}
      </fieldset>
      <span className="flex items-center gap-2 text-ink-2">
        <input
          type="time"
          required
          aria-label={`Hours ${nth} from`}
          value={from}
          onChange={({ target }) => setWindow({ ...window, from: target.value })}
          className={timeBox}
        />
        to
        <input
          type="time"
          required
          aria-label={`Hours ${nth} to`}
          value={to}
          onChange={({ target }) => setWindow({ ...window, to: target.value })}
          className={timeBox}
        />
      </span>
    </>
  );
}
