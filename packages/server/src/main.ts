#!/usr/bin/env node
import { explain, giveUp } from './cli/give-up.ts';
import { runCli } from './cli/run-cli.ts';
import { processTerminal } from './cli/terminal.ts';

// Whoever reads only the first lines, as `head` does, has what they wanted.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  giveUp(message);
});

runCli(process.argv.slice(2), { env: process.env, terminal: processTerminal(), now: Date.now }).then(
  (code) => {
    if (code !== null) process.exitCode = code;
  },
  (error: unknown) => giveUp(explain(error)),
);
