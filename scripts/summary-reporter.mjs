/** Ends a test run with one plain line, `N passed, N failed`, and fails the run if a test was skipped unannounced. */
import { readFileSync } from 'node:fs';

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    // A run narrowed by name skips the rest on purpose.
    const narrowed = process.argv.includes('-t') || process.argv.some((arg) => arg.startsWith('--testNamePattern'));
    const announced = readFileSync(new URL('../docs/testing.md', import.meta.url), 'utf8');
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) count.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'skipped' && !narrowed && !announced.includes(`\`${test.name}\``)) {
          console.error(`skipped without a line in docs/testing.md: ${test.fullName}`);
          count.failed += 1;
        } else if (state in count) count[state] += 1;
      }
    }
    if (count.failed > 0) process.exitCode = 1;
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    console.log(`\n${count.passed} passed, ${count.failed} failed${skipped}`);
  }
}
