import { configDefaults, defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Readers of the page, each with a language and a time zone that broke one before. */
const READERS = [
  { locale: 'en-US@posix', zone: 'Asia/Kolkata' },
  { locale: 'de-DE', zone: 'America/St_Johns' },
  { locale: 'hi-IN', zone: 'Pacific/Chatham' },
  { locale: 'ar-EG', zone: 'UTC' },
];

/** Tests of the page that are the same for every reader, or choose their own. */
const OF_ANY_READER = ['accessibility', 'browser'].map((name) => `tests/${name}.e2e.test.ts`);

/** The second tier: drills, whole campaigns, laws at a larger size, and the page as each reader sees it. */
export default defineConfig({
  test: {
    ...base.test,
    projects: [
      {
        ...base,
        test: {
          ...base.test,
          name: 'full',
          include: ['packages/*/src/**/*.full.test.ts', 'tests/**/*.full.test.ts'],
          exclude: configDefaults.exclude,
          // Files choose their sizes by environment variables.
          isolate: true,
        },
      },
      ...READERS.map(({ locale, zone }) => ({
        ...base,
        test: {
          ...base.test,
          name: `${locale} in ${zone}`,
          include: ['tests/**/*.e2e.test.ts'],
          exclude: [...configDefaults.exclude, ...OF_ANY_READER],
          env: { BROWSER_LOCALE: locale, BROWSER_TZ: zone },
          isolate: true,
        },
      })),
    ],
  },
});
