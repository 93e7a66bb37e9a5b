/**
 * Asks a web server for one file, within limits, and follows nowhere. In: a URL and the limits. Out: the status, the
 * headers, and the body as it comes; a body that does not come whole throws while it is read. What stands in the way is
 * a {@link WebFailure}, with the code of what it is.
 */
import { lookup } from 'node:dns/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { errnoOf, messageOf } from '../error.ts';
import { withLimit } from './with-limit.ts';

export interface Asking {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The certificates that are believed; undefined: those of the system. */
  readonly ca: string | undefined;
  /** Asked for all addresses of the host before any is connected to. */
  readonly mayReach: (addresses: readonly string[]) => boolean;
  readonly patience: Patience;
  /** Ends all of it. */
  readonly signal: AbortSignal;
}

/** In milliseconds: until the server is connected to, has answered, and between two pieces of its body. */
export interface Patience {
  readonly connect: number;
  readonly answer: number;
  readonly data: number;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Of the host. */
  readonly addresses: readonly string[];
  readonly body: AsyncIterable<Uint8Array>;
  /** To be called by who does not read the body. */
  readonly close: () => void;
}

export type Ask = (asking: Asking) => Promise<WebAnswer>;

type Reason =
  | { readonly code: 'unreachable'; readonly said: string }
  | { readonly code: 'silent'; readonly step: keyof Patience; readonly ms: number }
  | { readonly code: 'truncated' }
  | { readonly code: 'forbidden' }
  | { readonly code: 'aborted' };

export class WebFailure extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason.code === 'unreachable' ? reason.said : reason.code);
    this.reason = reason;
  }
}

/** What the server answered, whatever that is; throws a {@link WebFailure} where it does not. */
export const ask: Ask = async (asking) => {
  const began = performance.now();
  const addresses = await within(asking, addressesOf(asking.url.hostname));
  if (!asking.mayReach(addresses.map(({ address }) => address))) throw new WebFailure({ code: 'forbidden' });
  return request(asking, addresses, asking.patience.connect - (performance.now() - began));
};

interface Address {
  readonly address: string;
  readonly family: number;
}

/** Of getaddrinfo, whose own are `getaddrinfo EAI_AGAIN lists.example.org`. */
const LOOKUP_WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'no name server answers',
};

async function addressesOf(hostname: string): Promise<readonly Address[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  try {
    return await lookup(host, { all: true });
  } catch (error) {
    throw new WebFailure({
      code: 'unreachable',
      said: LOOKUP_WORDS[errnoOf(error) ?? ''] ?? messageOf(error),
    });
  }
}

/** A resolver waits for longer than we do. */
async function within<T>({ patience, signal }: Asking, work: Promise<T>): Promise<T> {
  return withLimit({ signal, ms: patience.connect }, (limit) => {
    const given = new Promise<never>((_, reject) => {
      const give = (): void => {
        const silent = { code: 'silent', step: 'connect', ms: patience.connect } as const;
        reject(new WebFailure(signal.aborted ? { code: 'aborted' } : silent));
      };
      if (limit.aborted) give();
      else limit.addEventListener('abort', give, { once: true });
    });
    return Promise.race([work, given]);
  });
}

function request(asking: Asking, addresses: readonly Address[], connect: number): Promise<WebAnswer> {
  const { url, ca, headers, patience, signal } = asking;
  const isSecure = url.protocol === 'https:';
  const sent = (isSecure ? https : http).request(url, {
    ...{ agent: false, headers, lookup: alwaysTo(addresses) },
    ...(ca !== undefined && { ca }),
  });
  const limits = new Limits(sent, patience, signal);
  limits.wait('connect', connect);
  return new Promise((resolve, reject) => {
    sent.on('socket', (socket) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        limits.wait('answer');
      });
    });
    sent.on('error', (error) => {
      limits.end();
      reject(limits.failure ?? failureOf(error));
    });
    sent.on('response', (response) => {
      limits.wait('data');
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        addresses: addresses.map(({ address }) => address),
        body: bodyOf(response, limits),
        close: () => {
          limits.end();
          sent.destroy();
        },
      });
    });
    sent.end();
  });
}

/** What ends a request, and why it did. */
class Limits {
  readonly #sent: http.ClientRequest;
  readonly #patience: Patience;
  readonly #signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  failure: WebFailure | undefined;

  constructor(sent: http.ClientRequest, patience: Patience, signal: AbortSignal) {
    this.#sent = sent;
    this.#patience = patience;
    this.#signal = signal;
    signal.addEventListener('abort', this.#abort);
    if (signal.aborted) this.#abort();
  }

  /** From now on. */
  wait(step: keyof Patience, ms = this.#patience[step]): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#give({ code: 'silent', step, ms: this.#patience[step] });
    }, ms);
  }

  /** It is not the server that is waited for. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    this.rest();
    this.#signal.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => {
    this.#give({ code: 'aborted' });
  };

  #give(reason: Reason): void {
    this.failure ??= new WebFailure(reason);
    this.end();
    this.#sent.destroy(this.failure);
  }
}

async function* bodyOf(response: http.IncomingMessage, limits: Limits): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      limits.rest();
      yield piece;
      limits.wait('data');
    }
  } catch (error) {
    throw limits.failure ?? (error instanceof WebFailure ? error : new WebFailure({ code: 'truncated' }));
  } finally {
    limits.end();
    response.destroy();
  }
}

/** The addresses that were looked at: a second answer of a resolver may be another one. */
function alwaysTo(addresses: readonly Address[]): LookupFunction {
  return (_host, { all }, done) => {
    const [first] = addresses;
    if (all === true) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
}

function failureOf(error: Error): WebFailure {
  return error instanceof WebFailure
    ? error
    : new WebFailure({ code: 'unreachable', said: messageOf(error) });
}
