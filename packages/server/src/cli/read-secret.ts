import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

const INTERRUPTED = 130;

/**
 * Asks for secrets, one a line. A person sees the question and nothing of what they type; a program writes one line
 * for each question. What is not there is an empty text.
 */
export function secretReader(
  input: NodeJS.ReadStream,
  questions: Pick<NodeJS.WriteStream, 'write'>,
): (question: string) => Promise<string> {
  let nextLine: (() => Promise<string>) | null = null;
  return async (question) => {
    if (input.isTTY) return askPerson(input, questions, question);
    nextLine ??= lineReader(input);
    return (await nextLine()).trim();
  };
}

async function askPerson(
  input: NodeJS.ReadStream,
  questions: Pick<NodeJS.WriteStream, 'write'>,
  question: string,
): Promise<string> {
  questions.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input, output: silent, terminal: true });
  const line = await new Promise<string>((resolve) => {
    asking.once('line', resolve);
    asking.once('close', () => resolve(''));
    asking.once('SIGINT', () => {
      questions.write('\n');
      process.exit(INTERRUPTED);
    });
  });
  asking.close();
  questions.write('\n');
  return line.trim();
}

/** Reads only while somebody waits: a pipe that stays open must not keep the program alive. */
function lineReader(input: NodeJS.ReadStream): () => Promise<string> {
  const ready: string[] = [];
  let hasEnded = false;
  let wake = (): void => {};
  const reading = createInterface({ input });
  reading.on('line', (line) => {
    ready.push(line);
    wake();
  });
  reading.on('close', () => {
    hasEnded = true;
    wake();
  });
  return async () => {
    if (!hasEnded) reading.resume();
    while (ready.length === 0 && !hasEnded) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (!hasEnded) reading.pause();
    return ready.shift() ?? '';
  };
}
