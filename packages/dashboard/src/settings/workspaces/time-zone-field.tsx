import { browserZone, browserZones } from '../../readers.ts';
import { SelectField } from '../../ui/field.tsx';

/** Names as they are used today, for those that browsers still list as they were. */
const today: Readonly<Record<string, string>> = {
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Europe/Kiev': 'Europe/Kyiv',
};

/** How a zone is called today. */
export function todaysName(zone: string): string {
  return today[zone] ?? zone;
}

const known = [browserZone(), ...browserZones()].map(todaysName);

interface TimeZoneFieldProps {
  readonly value: string;
  readonly setValue: (value: string) => void;
}

export function TimeZoneField({ value, setValue }: TimeZoneFieldProps) {
  // Browsers leave some out that servers know, such as UTC.
  const zones = [...new Set(['UTC', value, ...known])];
  return (
    <SelectField label="Time zone" value={value} onChange={(event) => setValue(event.target.value)}>
      {zones.map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll('_', ' ')}
        </option>
      ))}
    </SelectField>
  );
}
