/**
 * Puts a peer into the text of policy.yaml, or takes one out. All else stays as people wrote it, comments and order
 * too: a line is put in or taken out where mappings stand line by line, and only a policy in one line is written again
 * by the yaml package. In: the text of a policy that can be read. Pure.
 */
import { isMap, isNode, isScalar, parseDocument, stringify, type Node, type Pair } from 'yaml';
import type { PublicKey } from '../domain/public-key.ts';
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
  const edited = withoutLine(text, name);
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
  const { contents } = parseDocument(text);
  const old = pairOf(pairOf(pairOf(contents, 'peers')?.value, name)?.value, 'key')?.value;
  if (!isScalar(old) || !old.range) return undefined;
  return `${text.slice(0, old.range[0])}${quoted(key)}${text.slice(old.range[1])}`;
}

function withLine(text: string, name: string, key: PublicKey): string | undefined {
  const line = `${stringify(name).trim()}: { key: ${quoted(key)} }\n`;
  const whole = text.trim() === '{}' ? '' : text.replace(/(?<=[^\n])$/, '\n');
  const { contents } = parseDocument(whole);
  const peers = pairOf(contents, 'peers');
  if (peers === undefined) return `${whole}peers:\n  ${line}`;
  if (!isMap(peers.value)) return putAt(whole, lineEnd(whole, startOf(peers)), `  ${line}`);
  const last = peers.value.items.at(-1);
  if (last === undefined) return undefined;
  return putAt(whole, lineEnd(whole, endOf(last)), `${indentOf(whole, last)}${line}`);
}

function putAt(text: string, at: number, line: string): string {
  return `${text.slice(0, at)}${line}${text.slice(at)}`;
}

function withoutLine(text: string, name: string): string | undefined {
  const pair = pairOf(pairOf(parseDocument(text).contents, 'peers')?.value, name);
  if (pair === undefined) return undefined;
  const begin = startOf(pair);
  const start = text.lastIndexOf('\n', begin) + 1;
  if (text.slice(start, begin).trim() !== '') return undefined;
  return `${text.slice(0, start)}${text.slice(lineEnd(text, endOf(pair)))}`;
}

/** Of a mapping; a name such as 10 is a number to YAML. */
function pairOf(map: unknown, name: string): Pair | undefined {
  return isMap(map) ? map.items.find(({ key }) => String(key) === name) : undefined;
}

function startOf({ key }: Pair): number {
  return isNode(key) ? (key.range?.[0] ?? 0) : 0;
}

/** Where the last character of it stands. What a mapping in lines ends with are comments, which stay. */
function endOf({ key, value }: Pair): number {
  const node: Node | undefined = isNode(value) ? value : isNode(key) ? key : undefined;
  const last = isMap(node) && node.flow !== true ? node.items.at(-1) : undefined;
  return last === undefined ? (node?.range?.[1] ?? 0) : endOf(last);
}

/** Behind the line that holds this character. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

function indentOf(text: string, pair: Pair): string {
  const begin = startOf(pair);
  return text.slice(text.lastIndexOf('\n', begin) + 1, begin);
}

function keyText({ type, base64 }: PublicKey): string {
  return `${type} ${base64}`;
}

function quoted(key: PublicKey): string {
  return `"${keyText(key)}"`;
}
