import { request } from 'node:http';

/** Follows the overview as a page does, and throws away what comes. @returns what ends it */
export async function watchOverview(url: string, key: string): Promise<() => void> {
  const headers = { authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    const stream = request(`${url}/v1/overview/live`, { headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the overview was answered ${response.statusCode}`));
      response.on('error', () => {}).resume();
      resolve(() => stream.destroy());
    });
    stream.on('error', reject).end();
  });
}
