/**
 * What of the texts that were gathered is the operator's own: names of servers, peers, hosts and people, and which
 * addresses are attackers'. In go the texts by file name and what the machine knows of itself; a text that cannot be
 * read says nothing.
 */
import { netOf, parseNet, type Net } from '../../domain/net.ts';
import { reservedNames } from '../../domain/origin.ts';
import { readPolicy } from '../../policy/policy.ts';

type NameKind = 'server' | 'peer' | 'host' | 'person' | 'note';

export interface OwnWords {
  /** Each with what it is the name of. */
  readonly names: ReadonlyMap<string, NameKind>;
  /** Addresses and networks in which all is the operator's, also where a server bans it. */
  readonly nets: readonly Net[];
  /** Canonical texts of what servers ban, and of what policy.yaml denies. */
  readonly banned: ReadonlySet<string>;
}

interface Machine {
  readonly addresses: readonly string[];
  readonly hostname: string;
}

/** Looks through all files. */
export function findOwnWords(files: ReadonlyMap<string, string>, { addresses, hostname }: Machine): OwnWords {
  const names = new Map<string, NameKind>();
  const banned = new Set<string>();
  const name = (kind: NameKind, text: string): void => {
    if (text !== '' && !RESERVED.has(text) && !names.has(text)) names.set(text, kind);
  };
  name('host', hostname);
  // Without its domain, and the domain alone.
  for (const part of splitOnce(hostname, '.')) name('host', part);
  for (const [file, text] of files) {
    if (file.endsWith('.json')) learnFromJson(text, { name, ban: (ip) => banned.add(ip) });
    for (const [, host = ''] of text.matchAll(URL_HOST)) if (file === 'config.yaml') name('host', host);
    for (const [, quoted, plain = ''] of text.matchAll(NAME_KEY))
      if (file === 'config.yaml') name('host', (quoted ?? plain).trim());
    for (const [, person = ''] of text.matchAll(LOGGED_IN)) name('person', person);
    for (const [, ip = ''] of text.matchAll(TOLD_BAN)) ban(banned, ip);
  }
  const policies = [...files].flatMap(([file, text]) => (file.startsWith('policy') ? readOrNone(text) : []));
  for (const { deny } of policies) for (const { net } of deny) banned.add(net.text);
  for (const { allow, deny } of policies) for (const { note = '' } of [...allow, ...deny]) name('note', note);
  const own = addresses.flatMap((text) => parseNet(text) ?? []).filter(({ text }) => !NOBODYS.has(text));
  return { names, nets: [...own, ...policies.flatMap(({ allow }) => allow.map(({ net }) => net))], banned };
}

/** The same on every firewall. */
const RESERVED: ReadonlySet<string> = new Set(reservedNames());

/** Of every machine. */
const NOBODYS: ReadonlySet<string> = new Set(['127.0.0.1', '::1'].map((text) => netOf(text).text));

/** Of a URL, or of what scp takes. */
const URL_HOST = /(?::\/\/(?:[^\s/@'"]{0,200}@)?|[\w.-]{1,64}@)\[?([A-Za-z0-9][\w.-]{0,252})/g;

/** What `fleet` and `notify` call this firewall; the config may be damaged where a secret was. */
const NAME_KEY = /(?:^|[\s{,])name:[ \t]{1,99}(?:["']([^"'\n]{1,300})["']|([^\s"'#,}][^\n#,}]{0,300}))/g;

const LOGGED_IN = /\bfrom which (\S{1,64}) is logged in/g;

/** As the log has it. */
const TOLD_BAN = /\b(?:ban|keep|end|unban) ([\da-fA-F:.]{3,45}(?:\/\d{1,3})?) in /g;

function ban(banned: Set<string>, text: string): void {
  const net = parseNet(text);
  if (net !== undefined) banned.add(net.text);
}

function readOrNone(
  text: string,
): readonly { readonly allow: readonly PolicyLine[]; readonly deny: readonly PolicyLine[] }[] {
  const read = readPolicy(text);
  return read.kind === 'policy' ? [read.policy] : [];
}

interface PolicyLine {
  readonly net: Net;
  readonly note: string | undefined;
}

interface Learning {
  readonly name: (kind: NameKind, text: string) => void;
  readonly ban: (ip: string) => void;
}

function learnFromJson(text: string, learning: Learning): void {
  try {
    learn(JSON.parse(text), '', learning);
  } catch {
    // The part that failed says so in its file.
  }
}

/** Lists whose members have the name of one. */
const NAMED_LISTS: Readonly<Record<string, NameKind>> = {
  servers: 'server',
  peers: 'peer',
  firewalls: 'peer',
};

const KEYS: Readonly<Record<string, NameKind>> = { server: 'server', peer: 'peer', author: 'person' };

/** `within` is the key of the list that the value stands in. */
function learn(value: unknown, within: string, learning: Learning): void {
  if (Array.isArray(value)) for (const each of value) learn(each, within, learning);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, inside] of Object.entries(value)) {
    if (typeof inside !== 'string') learn(inside, key, learning);
    else if (key === 'ip') learning.ban(parseNet(inside)?.text ?? inside);
    else {
      const kind = key === 'name' ? NAMED_LISTS[within] : KEYS[key];
      if (kind !== undefined && inside !== COMMITTER) learnName(kind, inside, learning);
    }
  }
}

/** `fw2/web1` is a server behind a peer. */
function learnName(kind: NameKind, text: string, { name }: Learning): void {
  const [first = '', ...rest] = kind === 'person' ? [text] : text.split('/');
  if (rest.length > 0) name('peer', first);
  for (const each of rest.length > 0 ? rest : [first]) name(kind, each);
}

/** Whose commits are the controller's. */
const COMMITTER = 'banspool';

function splitOnce(text: string, at: string): readonly string[] {
  const index = text.indexOf(at);
  return index === -1 ? [] : [text.slice(0, index), text.slice(index + 1)];
}
