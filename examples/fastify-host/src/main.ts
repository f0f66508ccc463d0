import formbody from '@fastify/formbody';
import { createTee, ringsideTee } from '@ringside/tee/fastify';
import fastify, { type FastifyRequest } from 'fastify';
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
const app = fastify();

// These lines are all that Ringside adds to the host. Without a wish to ask for the tee's status, its options may
// stand in `register`, and no tee need be made.
const tee = createTee({
  url: RINGSIDE_URL,
  key: RINGSIDE_KEY,
  publicUrl: PUBLIC_URL,
  queueFile: QUEUE_FILE,
  onRefused: ({ code, detail }) => console.warn(`ringside refused a callback: ${code}: ${detail}`),
  onDrop: ({ reason }) => console.warn(`a callback will not reach ringside: ${reason}`),
  onProblem: ({ message }) => console.warn(`ringside tee: ${message}`),
});
await app.register(ringsideTee, { tee });

await app.register(formbody);

/** Plivo sends fields in the body of a POST, or in the query of a GET. */
const fieldsOf = ({ query, body }: FastifyRequest): Fields => ({
  ...(query as Fields),
  ...(body as Fields | undefined),
});

app.route({ method: ['GET', 'POST'], url: '/plivo/ring', handler: async () => 'ok' });

app.route({
  method: ['GET', 'POST'],
  url: '/plivo/answer',
  handler: async (_request, reply) => {
    reply.type('application/xml');
    return '<Response><Speak>Hello from the host.</Speak></Response>';
  },
});

app.route({
  method: ['GET', 'POST'],
  url: '/plivo/hangup',
  handler: async (request) => {
    console.log(invoiceLine(fieldsOf(request)));
    return 'ok';
  },
});

app.get('/healthz', async () => ({ ok: true, ringside: tee.status() }));

console.log(`host listens on ${await app.listen({ port: Number(PORT), host: '127.0.0.1' })}`);

/** Closing answers the last callbacks, then delivers what waits. */
const stop = (): void => void app.close().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
