/**
 * The built server in a process of its own, as `main.js` starts it, but with a provider whose queue is known to be short:
 * so what is in doubt is proved within seconds. `HURRY` holds the internals as JSON.
 */
import { pino } from 'pino';
import { loadConfig } from '../../packages/server/dist/config/options.js';
import { startServer } from '../../packages/server/dist/server.js';

const config = loadConfig(process.env, {});
const server = await startServer(config, pino({ level: config.logLevel }), JSON.parse(process.env.HURRY ?? '{}'));
const { signInUrl } = await server.welcome;
process.stdout.write(`Ringside listens on ${server.url}\nSign in once with ${signInUrl}\n`);
process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
