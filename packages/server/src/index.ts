export { type Config, configHelp, loadConfig } from './config/options.ts';
export { type RunningServer, startServer } from './server.ts';
