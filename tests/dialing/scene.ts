import { type ProviderProcess, startProvider } from './provider-process.ts';
import { type ServerUnderFire, startUnderFire } from './server-under-fire.ts';

/** One server that dials over one provider, each in a process of its own. */
export interface Scene {
  readonly provider: ProviderProcess;
  readonly server: ServerUnderFire;
  /** Base of the server. */
  readonly url: () => string;
}

export interface SceneSettings {
  /** How many times shorter the provider makes calls. */
  readonly speed: number;
  /** What both the account and the server are set to. */
  readonly accountCallsPerSecond: number;
}

/** What the provider places each second beyond what the server is set to send: its queue stays empty. */
const HEADROOM = 1.2;

/** Lets something happen on a scene that is cleared away afterwards, whatever comes of it. */
export async function onScene<T>(
  { speed, accountCallsPerSecond }: SceneSettings,
  play: (scene: Scene) => Promise<T>,
): Promise<T> {
  const cps = String(Math.ceil(accountCallsPerSecond * HEADROOM));
  const provider = await startProvider(['--cps', cps, '--requests', '100000', '--speed', String(speed)]);
  try {
    const server = await startUnderFire(provider.url, { PLIVO_CPS: String(accountCallsPerSecond) });
    try {
      return await play({ provider, server, url: () => server.url });
    } finally {
      await server.stop();
    }
  } finally {
    provider.stop();
  }
}
