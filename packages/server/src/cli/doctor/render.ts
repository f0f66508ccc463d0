import { type Colors, counted, grouped } from '../terminal.ts';
import type { Check, CheckStatus } from './check.ts';
import type { Diagnosis } from './doctor.ts';
import type { Findings } from './findings.ts';

const MOST_SHOWN = 20;

/** The diagnosis for people. */
export function renderDiagnosis({ place, checks, store, ok }: Diagnosis, colors: Colors): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = [
    `${colors.bold('Ringside doctor')}  ${place}`,
    '',
    ...checks.flatMap((check) => checkLines(check, width, colors)),
    ...(store?.different ?? []).flatMap((findings) => findingsLines(findings, colors)),
    '',
    ok ? colors.green('Nothing failed.') : colors.red(`${grouped(failed(checks))} failed.`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The diagnosis for programs. */
export function diagnosisJson(diagnosis: Diagnosis): string {
  return `${JSON.stringify(diagnosis, null, 2)}\n`;
}

function failed(checks: readonly Check[]): number {
  return checks.filter(({ status }) => status === 'failed').length;
}

function checkLines({ name, status, says, todo }: Check, width: number, colors: Colors): string[] {
  const indent = ' '.repeat(width + 13);
  const word = mark(status, colors);
  return [`${word}  ${name.padEnd(width)}  ${says}`, ...(todo ? [`${indent}${colors.dim(todo)}`] : [])];
}

function mark(status: CheckStatus, colors: Colors): string {
  const padded = status.padEnd(9);
  switch (status) {
    case 'ok':
      return colors.green(padded);
    case 'warning':
      return colors.yellow(padded);
    case 'failed':
      return colors.red(padded);
    default:
      return colors.dim(padded);
  }
}

function findingsLines({ campaignId, workspace, count, differences }: Findings, colors: Colors): string[] {
  const shown = differences.slice(0, MOST_SHOWN);
  const columns = shown.map(({ what, where }) => `${what} ${where}`);
  const width = Math.min(60, Math.max(0, ...columns.map((text) => text.length)));
  const more = count - shown.length;
  return [
    '',
    `${colors.bold(campaignId)} ${colors.dim(`(workspace ${workspace})`)}: ${counted(count, 'difference')}`,
    ...shown.map(
      ({ expected, found }, i) => `  ${(columns[i] ?? '').padEnd(width)}  expected ${expected}, found ${found}`,
    ),
    ...(more > 0 ? [colors.dim(`  … and ${grouped(more)} more`)] : []),
  ];
}
