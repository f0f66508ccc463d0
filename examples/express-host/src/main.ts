import type { AddressInfo } from 'node:net';
import { ringsideTee } from '@ringside/tee/express';
import express, { type Request } from 'express';
import { type Fields, invoiceLine } from './billing.ts';

const {
  RINGSIDE_URL = '',
  RINGSIDE_KEY = '',
  PORT = '5080',
  // What Plivo calls this host by; signatures cover it.
  PUBLIC_URL = `http://127.0.0.1:${PORT}`,
  // Keeps what Ringside has not taken yet over a restart.
  QUEUE_FILE,
} = process.env;

// These lines are all that Ringside adds to the host …
const tee = ringsideTee({
  url: RINGSIDE_URL,
  key: RINGSIDE_KEY,
  publicUrl: PUBLIC_URL,
  queueFile: QUEUE_FILE,
  onRefused: ({ code, detail }) => console.warn(`ringside refused a callback: ${code}: ${detail}`),
  onDrop: ({ reason }) => console.warn(`a callback will not reach ringside: ${reason}`),
  onProblem: ({ message }) => console.warn(`ringside tee: ${message}`),
});

const app = express();
app.use('/plivo', tee); // … and this one, before the body parsers.
app.use(express.urlencoded({ extended: false }));

/** Plivo sends fields in the body of a POST, or in the query of a GET. */
const fieldsOf = (request: Request): Fields => ({ ...request.query, ...(request.body as Fields | undefined) });

app.all('/plivo/ring', (_request, response) => {
  response.send('ok');
});

app.all('/plivo/answer', (_request, response) => {
  response.type('application/xml').send('<Response><Speak>Hello from the host.</Speak></Response>');
});

app.all('/plivo/hangup', (request, response) => {
  console.log(invoiceLine(fieldsOf(request)));
  response.send('ok');
});

app.get('/healthz', (_request, response) => {
  response.json({ ok: true, ringside: tee.status() });
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`host listens on http://127.0.0.1:${port}`);
});

function stop(): void {
  // First the last callbacks are answered, then what waits is delivered.
  server.close(() => {
    tee.close().then(() => process.exit(0));
  });
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
