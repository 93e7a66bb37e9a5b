/** Posts JSON to a URL, follows nowhere, and reads no more of the answer than a person does. */
import * as http from 'node:http';
import * as https from 'node:https';
import { BanspoolError, messageOf } from '../error.ts';

export interface Posting {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The certificates that are believed; undefined: those of the system. */
  readonly ca: string | undefined;
  readonly patienceMs?: number;
}

export interface Posted {
  readonly status: number;
  /** Its first 4 KiB, as the server sent them. */
  readonly text: string;
}

export type Post = (posting: Posting) => Promise<Posted>;

/** For all of it, since a server may send a byte every now and then. */
const PATIENCE_MS = 30_000;

const MOST_BYTES = 4096;

/** What the server answered, whatever that is; throws where it does not. */
export const post: Post = ({ url, body, headers, ca, patienceMs = PATIENCE_MS }) =>
  new Promise((resolve, reject) => {
    const target = new URL(url);
    const signal = AbortSignal.timeout(patienceMs);
    // The path may be a secret.
    const fail = (error: unknown): void => {
      const why = signal.aborted ? `no answer for ${patienceMs / 1000} s` : messageOf(error);
      reject(new BanspoolError('command-failed', `${target.host}: ${why}`));
    };
    const request = (target.protocol === 'https:' ? https : http).request(target, {
      ...{ method: 'POST', agent: false, signal },
      ...(ca !== undefined && { ca }),
      headers: {
        ...{ 'content-type': 'application/json', 'user-agent': 'banspool', ...headers },
        'content-length': Buffer.byteLength(body),
      },
    });
    request.on('error', fail);
    request.on('response', (response) => {
      const bytes: Buffer[] = [];
      let length = 0;
      const end = (): void => {
        const text = Buffer.concat(bytes).subarray(0, MOST_BYTES).toString('utf8');
        resolve({ status: response.statusCode ?? 0, text });
        response.destroy();
      };
      response.on('data', (part: Buffer) => {
        bytes.push(part);
        length += part.length;
        if (length >= MOST_BYTES) end();
      });
      response.on('end', end);
      response.on('error', fail);
    });
    request.end(body);
  });
