/** A load generator that sends as fast as it is answered. */
import type { Load } from './load.ts';
import { openConnections } from './measure.ts';
import { requestsOf } from './requests.ts';
import { serveLoad } from './serve-load.ts';

serveLoad((load: Load) => openConnections(load, requestsOf(load.traffic)));
