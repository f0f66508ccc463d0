/** A load generator that sends at a pace of its own. */
import { preparePaced } from './pace.ts';
import { serveLoad } from './serve-load.ts';

serveLoad(preparePaced);
