/**
 * Replaces what is the operator's own by placeholders, the same one for the same address or name in all files:
 * `own-ipv4-1` and `other-ipv6-2` for addresses that no server bans, `server-1` for names, `account-1` for accounts.
 * Addresses of attackers stay, since reports are about them.
 */
import { contains, parseNet, FULL_PREFIX, type Net } from '../../domain/net.ts';
import type { OwnWords } from './own-words.ts';

/** In the text of a regular expression. */
const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/** What may be an address, with its length; what is none is left. */
const ADDRESS =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\dA-Fa-f]{0,4}:[\dA-Fa-f:]{1,40}(?:\d{1,3}(?:\.\d{1,3}){3})?)(?:\/\d{1,3})?(?![\w.]*\w)/g;

const MAC = /(?<![\w:])[\dA-Fa-f]{2}(?::[\dA-Fa-f]{2}){5}(?![\w:])/g;

/** `anna@desk`: of mails, logins and the comments of keys. */
const ACCOUNT = /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9][\w.-]{0,200}/g;

/** What follows a public key up to the end of its line or of its text. */
const KEY_COMMENT = /\b((?:sk-)?(?:ssh|ecdsa)-[\w@.-]{1,40} AAAA[\w+/=]{10,}) +([^"'\s}][^"'\n}]*)/g;

const HOME_OF = /(\/home\/)([^/\s:'"]{1,64})/g;

/** In a file that people write: what follows is for people. */
const YAML_COMMENT = /(^|\s)#.*$/gm;

/** Everybody's: loopback and no address at all. */
const EVERYBODYS = ['127.0.0.0/8', '::1', '0.0.0.0/0', '::/0'].flatMap((text) => parseNet(text) ?? []);

export class Redactor {
  readonly #own: OwnWords;
  readonly #names: RegExp | undefined;
  readonly #placeholders = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(own: OwnWords) {
    this.#own = own;
    // The longest first: a name may be part of another.
    const names = [...own.names.keys()].sort((a, b) => b.length - a.length);
    if (names.length > 0) {
      const words = names.map((name) => name.replace(SPECIAL, String.raw`\$&`)).join('|');
      this.#names = new RegExp(String.raw`(?<![A-Za-z0-9])(?:${words})(?![A-Za-z0-9])`, 'gi');
    }
  }

  /** The text of a file. */
  redact(file: string, text: string): string {
    const plain = file.endsWith('.yaml') ? text.replace(YAML_COMMENT, '$1# comment removed') : text;
    const named = plain
      .replace(KEY_COMMENT, (_, key: string, comment: string) => `${key} ${this.#for('comment', comment)}`)
      .replace(ACCOUNT, (account) => this.#for('account', account))
      .replace(HOME_OF, (_, home: string, name: string) => home + this.#for('person', name))
      .replace(MAC, (mac) => this.#for('mac', mac.toLowerCase()))
      .replace(ADDRESS, (found) => this.#address(found));
    return this.#names === undefined ? named : named.replace(this.#names, (name) => this.#name(name));
  }

  /** By kind: how many different ones were replaced. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  #name(found: string): string {
    const name = this.#own.names.has(found) ? found : found.toLowerCase();
    return this.#for(this.#own.names.get(name) ?? 'name', name);
  }

  #address(found: string): string {
    // A colon may be the end of a sentence's part.
    const text = found.replace(/(?<!:):$/, '');
    const net = parseNet(text);
    if (net === undefined) return found;
    const isOwn = this.#own.nets.some((own) => contains(own, net));
    const stays = EVERYBODYS.some((each) => each.text === net.text || isLoopback(each, net));
    if (stays || (!isOwn && this.#own.banned.has(net.text))) return found;
    const placeholder = this.#for(`${isOwn ? 'own' : 'other'}-${net.family}`, net.text);
    const width = net.prefix === FULL_PREFIX[net.family] ? '' : `/${net.prefix}`;
    return `${placeholder}${width}${found.slice(text.length)}`;
  }

  #for(kind: string, what: string): string {
    const key = `${kind} ${what}`;
    let placeholder = this.#placeholders.get(key);
    if (placeholder === undefined) {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      placeholder = `${kind}-${count}`;
      this.#placeholders.set(key, placeholder);
    }
    return placeholder;
  }
}

function isLoopback(each: Net, net: Net): boolean {
  return each.prefix > 0 && contains(each, net);
}
