import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';

/** Shows nothing of what is typed. */
const silent = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * Asks for secrets, one a line. A person sees the question and nothing of what they type; a program writes one line
 * for each question.
 */
export function secretReader(
  input: NodeJS.ReadStream | ReadStream,
  questions: Pick<NodeJS.WriteStream, 'write'>,
): (question: string) => Promise<string> {
  let lines: AsyncIterator<string> | null = null;
  return async (question) => {
    if (!input.isTTY) {
      lines ??= createInterface({ input })[Symbol.asyncIterator]();
      return (await lines.next()).value?.trim() ?? '';
    }
    questions.write(question);
    const asking = createInterface({ input, output: silent(), terminal: true });
    const line = await new Promise<string>((resolve) => {
      asking.once('line', resolve);
      asking.once('SIGINT', () => {
        questions.write('\n');
        process.exit(130);
      });
      asking.once('close', () => resolve(''));
    });
    asking.close();
    questions.write('\n');
    return line.trim();
  };
}
