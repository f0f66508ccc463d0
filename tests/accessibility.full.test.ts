import { it } from 'vitest';
import { lookAtAll } from './every-page.ts';

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [360, 768, 1440].map((width) => ({ colorScheme, width })),
);

it.each(looks)(
  'no page has a serious accessibility fault in the $colorScheme theme at $width px',
  { timeout: 240_000 },
  lookAtAll,
);
