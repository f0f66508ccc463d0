import { afterAll, beforeAll, it } from 'vitest';
import { type EveryPage, lookAtAll, openEveryPage } from './every-page.ts';

let everyPage: EveryPage;
beforeAll(async () => {
  everyPage = await openEveryPage();
});
afterAll(() => everyPage?.close());

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [360, 768, 1440].map((width) => ({ colorScheme, width })),
);

it.each(looks)(
  'no page has a serious accessibility fault in the $colorScheme theme at $width px',
  { timeout: 240_000 },
  (look) => lookAtAll(everyPage, look),
);
