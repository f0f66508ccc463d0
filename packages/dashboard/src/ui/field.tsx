import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { classes } from './classes.ts';

const box =
  'h-9 w-full min-w-0 rounded-md border border-line-strong bg-canvas px-3 text-ink placeholder:text-ink-3 max-sm:h-10 max-sm:text-16';

/** For a field beside its label, in a row of controls. */
export const INLINE = 'flex items-center gap-2 *:mb-0 *:whitespace-nowrap';

interface FieldProps {
  readonly label: string;
  /** What it is for, or what is allowed. */
  readonly note?: ReactNode;
}

/** One line of text, or a number. */
export function TextField({ label, note, className, ...input }: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className={className}>
      <Label id={id}>{label}</Label>
      <input id={id} aria-describedby={note ? `${id}-note` : undefined} className={box} {...input} />
      <Note id={id}>{note}</Note>
    </div>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  note,
  className,
  ...area
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <div className={className}>
      <Label id={id}>{label}</Label>
      <textarea
        id={id}
        aria-describedby={note ? `${id}-note` : undefined}
        className="block min-h-9 w-full min-w-0 resize-y rounded-md border border-line-strong bg-canvas px-3 py-1.5 text-ink placeholder:text-ink-3 max-sm:text-16"
        {...area}
      />
      <Note id={id}>{note}</Note>
    </div>
  );
}

/** One of several. */
export function SelectField({
  label,
  note,
  className,
  children,
  ...select
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <div className={className}>
      <Label id={id}>{label}</Label>
      <select id={id} aria-describedby={note ? `${id}-note` : undefined} className={box} {...select}>
        {children}
      </select>
      <Note id={id}>{note}</Note>
    </div>
  );
}

interface ChoiceFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly setValue: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly meaning: string }[];
}

/** One of a few that need a line of explanation each. */
export function ChoiceField<T extends string>({ label, value, setValue, options }: ChoiceFieldProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-ink-2">{label}</legend>
      <div className="divide-y divide-line rounded-md border border-line-strong">
        {options.map((option) => (
          <label
            key={option.value}
            className={classes(
              'flex cursor-pointer items-baseline gap-2.5 px-3 py-2 first:rounded-t-md last:rounded-b-md hover:bg-raised',
              option.value === value && 'bg-raised',
            )}
          >
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => setValue(option.value)}
              className="accent-progress"
            />
            <span>
              <span className="font-medium">{option.label}</span>{' '}
              <span className="text-12 text-ink-2">{option.meaning}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Label({ id, children }: { readonly id: string; readonly children: string }) {
  return (
    <label htmlFor={id} className="mb-1.5 block text-ink-2">
      {children}
    </label>
  );
}

function Note({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  if (!children) return null;
  return (
    <p id={`${id}-note`} className="mt-1 text-12 text-ink-2">
      {children}
    </p>
  );
}
