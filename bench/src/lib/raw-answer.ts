import { Agent, get } from 'node:http';

/** An answer with its headers as they were sent. */
export interface RawAnswer {
  /** Those that node:http does not add itself. */
  readonly headers: Readonly<Record<string, string>>;
  /** All, in their order, but for the value of Date. */
  readonly allHeaders: readonly string[];
  readonly body: string;
}

interface Asked {
  readonly url: string;
  readonly campaign: string;
  readonly key: string;
}

const addedByNode = new Set(['date', 'connection', 'keep-alive']);

/** Fetches a report. */
export function fetchRaw({ url, campaign, key }: Asked): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}` };
    // The answer to a keep-alive request has headers of its own.
    const agent = new Agent({ keepAlive: true });
    const request = get(`${url}/v1/campaigns/${campaign}/report`, { headers, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(answerOf(response.rawHeaders, body));
        else reject(new Error(`a report was answered ${response.statusCode}: ${body}`));
        agent.destroy();
      });
    });
    request.on('error', reject);
  });
}

function answerOf(raw: readonly string[], body: string): RawAnswer {
  const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
  return {
    headers: Object.fromEntries(pairs.filter(([name]) => !addedByNode.has(name.toLowerCase()))),
    allHeaders: pairs.map(([name, value]) => (name.toLowerCase() === 'date' ? name : `${name}: ${value}`)),
    body,
  };
}
