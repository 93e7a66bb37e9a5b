/**
 * Asks for a list, and follows where the server redirects to: a few times, never from https to http, and from a public
 * address to no private one. In: the order and the headers. Out: the last answer, or why there is none.
 */
import { shownUrl } from '../lists/shown-url.ts';
import type { Ask, Asking, Patience, WebAnswer } from '../system/web/ask.ts';
import { WebFailure } from '../system/web/ask.ts';
import type { FetchError } from './fetch-error.ts';
import { isPrivate } from './is-private.ts';

const MOST_REDIRECTS = 5;

const REDIRECTS = [301, 302, 303, 307, 308];

export interface Errand {
  readonly url: string;
  readonly headers: Asking['headers'];
  readonly ca: string | undefined;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

export interface Limits {
  readonly patience: Patience;
  /** Milliseconds for all of it. */
  readonly total: number;
  /** Of a list without compression. */
  readonly bytes: number;
}

type Followed =
  | { readonly kind: 'answer'; readonly answer: WebAnswer; readonly host: string }
  | { readonly kind: 'error'; readonly error: FetchError };

export async function follow(ask: Ask, errand: Errand): Promise<Followed> {
  let url = new URL(errand.url);
  let isPublic = false;
  for (let redirects = 0; ; redirects += 1) {
    const isFirst = redirects === 0;
    const mayReach = (addresses: readonly string[]): boolean => {
      const hasPrivate = addresses.some(isPrivate);
      if (isFirst) isPublic = !hasPrivate;
      return isFirst || !isPublic || !hasPrivate;
    };
    const { host } = url;
    try {
      const answer = await ask({ ...errand, patience: errand.limits.patience, url, mayReach });
      if (!REDIRECTS.includes(answer.status)) return { kind: 'answer', answer, host };
      answer.close();
      const next = targetOf(url, answer.headers.location);
      if (!(next instanceof URL)) return { kind: 'error', error: next };
      if (redirects === MOST_REDIRECTS)
        return { kind: 'error', error: { code: 'too-many-redirects', most: MOST_REDIRECTS } };
      url = next;
    } catch (error) {
      return { kind: 'error', error: errorOf(error, { url, bytes: 0, limits: errand.limits }) };
    }
  }
}

function targetOf(from: URL, location: string | undefined): URL | FetchError {
  if (location === undefined || !URL.canParse(location, from))
    return { code: 'no-redirect-target', host: from.host };
  const to = new URL(location, from);
  if (!/^https?:$/.test(to.protocol)) return { code: 'no-redirect-target', host: from.host };
  if (from.protocol === 'https:' && to.protocol !== 'https:')
    return { code: 'insecure-redirect', to: shownUrl(to.href) };
  return to;
}

interface Place {
  readonly url: Pick<URL, 'host' | 'href'>;
  /** That came. */
  readonly bytes: number;
  readonly limits: Limits;
}

/** What a {@link WebFailure} means for a list; throws anything else. */
export function errorOf(error: unknown, { url, bytes, limits }: Place): FetchError {
  if (!(error instanceof WebFailure)) throw error;
  const { host } = url;
  const { reason } = error;
  switch (reason.code) {
    case 'unreachable':
      return { code: 'unreachable', host, said: reason.said };
    case 'silent':
      return { code: 'silent', host, step: reason.step, seconds: reason.ms / 1000 };
    case 'truncated':
      return { code: 'truncated', host, bytes };
    case 'forbidden':
      return { code: 'private-redirect', to: shownUrl(url.href) };
    case 'aborted':
      return { code: 'slow', host, seconds: limits.total / 1000 };
  }
}
