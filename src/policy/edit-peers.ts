/**
 * Puts a peer into the text of policy.yaml, or takes one out. All else stays as people wrote it, comments and order
 * too: a line is put in or taken out where mappings stand line by line, and only a policy in one line is written again
 * by the yaml package. In: the text of a policy that can be read. Pure.
 */
import { isMap, parseDocument, stringify } from 'yaml';
import type { PublicKey } from '../domain/public-key.ts';
import { pairOf, putItem, setKey, takeKey } from '../yaml/edit-text.ts';
import { readPolicy } from './policy.ts';

/** The text with the peer in it, or with another key for a peer that it has. */
export function putPeer(text: string, name: string, key: PublicKey): string {
  const peers = peersOf(text);
  const known = peers?.has(name) === true;
  const edited = known ? withKey(text, name, key) : withLine(text, name, key);
  const isDone = edited !== undefined && peersOf(edited)?.get(name) === key.base64;
  if (isDone && peersOf(edited)?.size === (peers?.size ?? 0) + (known ? 0 : 1)) return edited;
  const document = parseDocument(text);
  document.setIn(['peers', name, 'key'], keyText(key));
  return document.toString({ lineWidth: 0 });
}

/** The text without the peer. */
export function takePeer(text: string, name: string): string {
  const peers = peersOf(text);
  if (peers?.has(name) !== true) return text;
  const edited = takeKey(text, ['peers', name]);
  const left = edited === undefined ? undefined : peersOf(edited);
  if (edited !== undefined && left?.has(name) === false && left.size === peers.size - 1) return edited;
  const document = parseDocument(text);
  const map = pairOf(document.contents, 'peers')?.value;
  if (isMap(map)) map.delete(pairOf(map, name)?.key);
  return document.toString({ lineWidth: 0 });
}

/** By name: the key's bytes. Undefined where it is no policy. */
function peersOf(text: string): ReadonlyMap<string, string> | undefined {
  // Of an empty file nothing is kept that could be lost.
  if (text.trim() === '') return new Map();
  const read = readPolicy(text);
  if (read.kind === 'mistakes') return undefined;
  return new Map(Array.from(read.policy.peers, ([name, { key }]) => [name, key.base64]));
}

function withKey(text: string, name: string, key: PublicKey): string | undefined {
  return setKey(text, ['peers', name, 'key'], quoted(key));
}

function withLine(text: string, name: string, key: PublicKey): string | undefined {
  const item = `${stringify(name).trim()}: { key: ${quoted(key)} }`;
  return putItem(text, { key: 'peers', kind: 'mapping', item });
}

function keyText({ type, base64 }: PublicKey): string {
  return `${type} ${base64}`;
}

function quoted(key: PublicKey): string {
  return `"${keyText(key)}"`;
}
