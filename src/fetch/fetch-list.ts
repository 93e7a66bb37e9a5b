/**
 * Fetches one list. In: its order and its note. Out: its new note; and the new content in its place, if there is one
 * and it came whole. Whatever goes wrong, the old content stays.
 */
import type { FetchedNote } from '../lists/fetched-note.ts';
import { sourceOf } from '../lists/fetched-note.ts';
import { shownUrl } from '../lists/shown-url.ts';
import { messageOf } from '../system/error.ts';
import type { Draft, OpenDraft } from '../system/web/draft.ts';
import { withLimit } from '../system/web/with-limit.ts';
import { WebFailure, type Ask, type WebAnswer } from '../system/web/ask.ts';
import { ENCODINGS, isDamaged, unpacked } from '../system/web/unpacked.ts';
import { afterFailure, afterSuccess, retryAfterOf } from './due.ts';
import { fetchErrorText, type FetchError } from './fetch-error.ts';
import { errorOf, follow, type Limits } from './follow.ts';
import type { Order } from './orders.ts';
import { Sieve } from './sieve.ts';

export interface Needs {
  readonly ask: Ask;
  readonly openDraft: OpenDraft;
  readonly readAuthority: (path: string) => Promise<string>;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly version: string;
}

interface Task {
  readonly order: Order;
  /** Undefined where there is none of this URL; without validators where its content is not there. */
  readonly note: FetchedNote | undefined;
  /** Where its content belongs. */
  readonly path: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

type Result =
  | { readonly kind: 'new' | 'same'; readonly content: Content }
  | { readonly kind: 'failed'; readonly error: FetchError; readonly retryAfter: number };

type Content = Pick<FetchedNote, 'etag' | 'lastModified' | 'bytes' | 'sha256'>;

export interface Fetched {
  readonly kind: Result['kind'];
  readonly note: FetchedNote;
}

export async function fetchList(needs: Needs, task: Task): Promise<Fetched> {
  const result = await request(needs, task);
  return { kind: result.kind, note: noteOf(needs, task, result) };
}

async function request(needs: Needs, task: Task): Promise<Result> {
  const { order, limits } = task;
  const authority = await authorityOf(needs, order.ca);
  if (authority.kind === 'error') return failed(authority.error);
  return withLimit({ signal: task.signal, ms: limits.total }, (signal) =>
    requestWithin(needs, task, { signal, ca: authority.text }),
  );
}

async function requestWithin(
  needs: Needs,
  task: Task,
  { signal, ca }: { readonly signal: AbortSignal; readonly ca: string | undefined },
): Promise<Result> {
  const { order, limits } = task;
  const errand = { url: order.url, headers: headersOf(needs, task), ca };
  const followed = await follow(needs.ask, { ...errand, limits, signal });
  if (followed.kind === 'error') return failed(followed.error);
  const { answer, host } = followed;
  const refused = refusalOf(task, answer, host);
  if (refused !== undefined) {
    answer.close();
    return failed(refused, retryAfterOf(answer.headers['retry-after'], needs.now()));
  }
  if (task.note !== undefined && answer.status === 304) {
    answer.close();
    return { kind: 'same', content: { ...task.note, ...validatorsOf(answer, task.note) } };
  }
  return take(needs, task, { answer, host });
}

type Authority =
  | { readonly kind: 'authority'; readonly text: string | undefined }
  | { readonly kind: 'error'; readonly error: FetchError };

async function authorityOf({ readAuthority }: Needs, path: string | undefined): Promise<Authority> {
  try {
    return { kind: 'authority', text: path === undefined ? undefined : await readAuthority(path) };
  } catch (error) {
    return { kind: 'error', error: { code: 'no-authority', ca: path ?? '', said: messageOf(error) } };
  }
}

function headersOf({ version }: Needs, { note }: Task): Readonly<Record<string, string>> {
  return {
    ...{ 'user-agent': `banspool/${version}`, accept: '*/*', 'accept-encoding': ENCODINGS },
    ...(typeof note?.etag === 'string' && { 'if-none-match': note.etag }),
    ...(typeof note?.lastModified === 'string' && { 'if-modified-since': note.lastModified }),
  };
}

/** What can be seen of an answer before its body. */
function refusalOf({ note, limits }: Task, answer: WebAnswer, host: string): FetchError | undefined {
  const { status, headers } = answer;
  if (status !== 200 && (status !== 304 || !hasValidator(note))) return { code: 'status', host, status };
  if (/^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? ''))
    return { code: 'html' };
  if (Number(headers['content-length']) > limits.bytes) return { code: 'too-large', most: limits.bytes };
  return undefined;
}

function hasValidator(note: FetchedNote | undefined): boolean {
  return typeof note?.etag === 'string' || typeof note?.lastModified === 'string';
}

async function take(
  needs: Needs,
  task: Task,
  { answer, host }: { readonly answer: WebAnswer; readonly host: string },
): Promise<Result> {
  const encoding = answer.headers['content-encoding'] ?? '';
  const body = unpacked(answer.body, encoding);
  if (body === undefined) {
    answer.close();
    return failed({ code: 'unknown-encoding', encoding });
  }
  let draft: Draft | undefined;
  try {
    draft = await needs.openDraft(task.path);
    const error = await fill(draft, body, task);
    const sum = draft.sum();
    const isNew = sum.sha256 !== task.note?.sha256;
    if (error === undefined && isNew) await draft.keep();
    else await draft.drop();
    if (error !== undefined) return failed(error);
    return { kind: isNew ? 'new' : 'same', content: { ...sum, ...validatorsOf(answer) } };
  } catch (error) {
    await draft?.drop();
    const bytes = draft?.sum().bytes ?? 0;
    if (error instanceof WebFailure)
      return failed(errorOf(error, { url: { host, href: '' }, bytes, limits: task.limits }));
    if (isDamaged(error)) return failed({ code: 'damaged-encoding', bytes });
    return failed({ code: 'not-written', said: messageOf(error) });
  } finally {
    answer.close();
  }
}

/** Reads on to the end, or until it is seen to be no list. */
async function fill(
  draft: Draft,
  body: AsyncIterable<Uint8Array>,
  task: Task,
): Promise<FetchError | undefined> {
  const sieve = new Sieve(task.order.format);
  const most = task.limits.bytes;
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > most) return { code: 'too-large', most };
    const error = sieve.take(piece);
    if (error !== undefined) return error;
    await draft.add(piece);
  }
  return sieve.end();
}

/** A server need not say them again with a 304. */
function validatorsOf(
  { headers }: WebAnswer,
  otherwise: Pick<Content, 'etag' | 'lastModified'> = { etag: null, lastModified: null },
): Pick<Content, 'etag' | 'lastModified'> {
  return {
    etag: validator(headers.etag) ?? otherwise.etag,
    lastModified: validator(headers['last-modified']) ?? otherwise.lastModified,
  };
}

/** One that is longer than any is not sent back. */
function validator(text: string | undefined): string | undefined {
  return text !== undefined && /^[\x20-\x7e]{1,300}$/.test(text) ? text : undefined;
}

function failed(error: FetchError, retryAfter = 0): Result {
  return { kind: 'failed', error, retryAfter };
}

const NOTHING: Content = { etag: null, lastModified: null, bytes: null, sha256: null };

function noteOf({ now: clock, chance }: Needs, { order, note }: Task, result: Result): FetchedNote {
  const now = clock();
  const common = { version: 1, url: shownUrl(order.url), source: sourceOf(order.url), triedAt: now } as const;
  if (result.kind === 'failed') {
    const failures = (note?.failures ?? 0) + 1;
    const { fetchedAt = null, confirmedAt = null } = note ?? {};
    return {
      ...{ ...common, ...contentOf(note ?? NOTHING), fetchedAt, confirmedAt, failures },
      error: { ...result.error, text: fetchErrorText(result.error) },
      nextTry: afterFailure(order, now, { failures, retryAfter: result.retryAfter, chance: chance() }),
    };
  }
  return {
    ...{ ...common, ...contentOf(result.content), failures: 0, error: null },
    fetchedAt: result.kind === 'new' ? now : (note?.fetchedAt ?? now),
    confirmedAt: now,
    nextTry: afterSuccess(order, now, chance()),
  };
}

function contentOf({ etag, lastModified, bytes, sha256 }: Content): Content {
  return { etag, lastModified, bytes, sha256 };
}
