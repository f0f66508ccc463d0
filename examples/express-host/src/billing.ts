/** The fields of a Plivo callback, as the host's body parser gives them. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a client is charged for a call: this platform's own business, which Ringside leaves alone. */
export function invoiceLine(fields: Fields): string {
  const text = (name: string): string => String(fields[name] ?? '');
  return `billing: call ${text('CallUUID')} to ${text('To')} ended ${text('CallStatus')}, ${text('BillDuration')} s for ${text('TotalCost')} USD`;
}
