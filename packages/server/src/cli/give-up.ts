import { CommanderError } from 'commander';

/** One clear line for the operator. */
export function giveUp(message: string): never {
  process.stderr.write(`ringside: ${message}\n`);
  process.exit(1);
}

/** What went wrong, in one line. */
export function explain(error: unknown): string {
  if (error instanceof CommanderError) return oneLine(error.message.replace(/^error: /, ''));
  const { code, port, address, message } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `port ${port} is in use: stop the other program or set PORT`;
  if (port !== undefined && (code === 'EACCES' || code === 'EADDRNOTAVAIL'))
    return `cannot listen on ${address}:${port} (${code}): set HOST and PORT`;
  return oneLine(message);
}

function oneLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
