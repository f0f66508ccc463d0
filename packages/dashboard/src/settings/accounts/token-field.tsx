import { TextField } from '../../ui/field.tsx';

interface TokenFieldProps {
  readonly value: string;
  readonly setValue: (value: string) => void;
}

/** A provider’s token: it goes in and never comes out again. */
export function TokenField({ value, setValue }: TokenFieldProps) {
  return (
    <TextField
      label="Auth token"
      note="It is kept encrypted, and only its last characters are ever shown."
      type="password"
      required
      minLength={8}
      autoComplete="off"
      value={value}
      onChange={(event) => setValue(event.target.value)}
    />
  );
}
