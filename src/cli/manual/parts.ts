/**
 * The parts of the pages that are made of the program, in Markdown: of its commands as commander has them, of the
 * tables of keys beside the schemas, and of what `banspool-send --help` says.
 */
import { CHANNEL_KEYS, CONFIG_KEYS, FLEET_KEYS, NOTIFY_KEYS } from '../../config/config-keys.ts';
import type { KeyText } from '../../domain/key-text.ts';
import { TOPICS } from '../../config/topics.ts';
import { INTENT_KEYS, INTENTS, OPERATOR_KEY_TEXTS } from '../../intent/intent-keys.ts';
import {
  ESCALATE_KEYS,
  EXPORT_KEYS,
  FILE_KEYS,
  LIMIT_KEYS,
  LIMITS_KEYS,
  LIST_KEYS,
  NET_KEYS,
  PEER_KEYS,
  PUBLISH_KEYS,
} from '../../policy/policy-keys.ts';
import { everyEntry, type Entry } from './entry.ts';
import { codeSpan, escaped } from './markdown.ts';
import { readSendHelp } from './send-help.ts';

export interface Origin {
  readonly program: Entry;
  /** Of banspool-send, which is no part of this program. */
  readonly sendHelp: string;
}

/** Makes the part of these words; throws where there is none. */
export function makePart(words: string, { program, sendHelp }: Origin): string {
  const [kind = '', ...rest] = words.split(' ');
  const about = rest.join(' ');
  const entry = (): Entry => entryOf(program, about);
  const send = () => readSendHelp(sendHelp);
  const make = {
    name: () => nameOf(entry()),
    synopsis: () => synopsisOf(entry()),
    options: () => optionsOf(entry()),
    remark: () => escaped(entry().remark),
    commands: () => program.children.map(commandItem).join('\n'),
    keys: () => keysOf(about),
    table: () => tableOf(TABLES[about] ?? CONFIG_KEYS),
    topics: () => topicTable(),
    intents: () => items(Object.entries(INTENTS)),
    'send-synopsis': () => spans(send().commands.map(({ usage }) => `banspool-send ${usage}`)),
    'send-commands': () => items(send().commands.map(({ usage, text }) => [usage, escaped(text)])),
    'send-keys': () => items(send().keys.map(({ example, text }) => [example, escaped(text)])),
    'send-exit': () => escaped(send().exitCodes),
  }[kind];
  if (make === undefined) throw new Error(`no part of the manual is called ${words}`);
  return make();
}

function entryOf(program: Entry, name: string): Entry {
  const found = everyEntry(program).find(({ words }) => words.join(' ') === name);
  if (found === undefined) throw new Error(`banspool has no command ${name}`);
  return found;
}

function nameOf({ words, description }: Entry): string {
  return `${['banspool', ...words].join('-')} - ${escaped(description)}`;
}

function synopsisOf(entry: Entry): string {
  return spans(leavesOf(entry).map(callOf));
}

/** Those that can be called: a command, or the ones below it. */
function leavesOf(entry: Entry): readonly Entry[] {
  return entry.children.length === 0 ? [entry] : entry.children.flatMap(leavesOf);
}

/** With its arguments, and each option that is of this command alone: `banspool ban [--for <time>] … <address>`. */
function callOf({ words, usage, options }: Entry): string {
  const own = options
    .filter(({ long }) => !COMMON.has(long))
    .map(({ flags, isMandatory }) => (isMandatory === true ? flags : `[${flags}]`));
  const operands = usage
    .split(' ')
    .slice(1)
    .filter((word) => word !== '[options]');
  return ['banspool', ...words, ...own, ...operands].join(' ');
}

/** Every command has them. */
const COMMON: ReadonlySet<string> = new Set(['--config', '--help']);

function optionsOf(entry: Entry): string {
  if (entry.children.length === 0 || entry.words.length === 0) return optionItems(entry);
  return entry.children
    .map((child) =>
      [
        `### ${codeSpan(['banspool', ...child.words].join(' '))}`,
        `${escaped(sentence(child.description))}.`,
        optionItems(child),
      ].join('\n\n'),
    )
    .join('\n\n');
}

function optionItems({ options }: Entry): string {
  return items(options.map(({ flags, description }) => [flags, escaped(description)]));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function commandItem({ words, description }: Entry): string {
  const page = `banspool-${words.join('-')}`;
  return `- [${page}(1)](${page}.1.md): ${escaped(description)}`;
}

function keysOf(file: string): string {
  const tables: Readonly<Record<string, Readonly<Record<string, KeyText>>>> = {
    config: CONFIG_KEYS,
    'config fleet': FLEET_KEYS,
    'config notify': NOTIFY_KEYS,
    'config channel': CHANNEL_KEYS,
    'config topic': TOPICS,
    'policy file': FILE_KEYS,
    'policy net': NET_KEYS,
    'policy limits': LIMITS_KEYS,
    'policy limit': LIMIT_KEYS,
    'policy escalate': ESCALATE_KEYS,
    'policy list': LIST_KEYS,
    'policy export': EXPORT_KEYS,
    'policy peer': PEER_KEYS,
    'policy publish': PUBLISH_KEYS,
    intent: INTENT_KEYS,
    'intent operator': OPERATOR_KEY_TEXTS,
  };
  const keys = tables[file];
  if (keys === undefined) throw new Error(`there are no keys of ${file}`);
  return items(Object.entries(keys).map(([key, text]) => [key, describeKey(text)]));
}

function describeKey(key: KeyText): string {
  const value = defaultOf(key);
  return value === undefined ? key.meaning : `${key.meaning}. Default: ${value}`;
}

/** In Markdown, as it is written in the file. */
function defaultOf(
  key: KeyText & { readonly default?: string | boolean | readonly string[] },
): string | undefined {
  if (key.otherwise !== undefined) return key.otherwise;
  if (key.default === undefined) return undefined;
  return codeSpan(typeof key.default === 'object' ? `[${key.default.join(', ')}]` : String(key.default));
}

function tableOf(keys: Readonly<Record<string, KeyText>>): string {
  const rows = Object.entries(keys).map(
    ([key, text]) => `| ${codeSpan(key)} | ${defaultOf(text) ?? ''} | ${text.meaning} |`,
  );
  return ['| key | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** In docs/configuration.md, by the words after `table`. */
const TABLES: Readonly<Record<string, Readonly<Record<string, KeyText>>>> = {
  fleet: FLEET_KEYS,
  notify: NOTIFY_KEYS,
  channel: CHANNEL_KEYS,
};

function topicTable(): string {
  const rows = Object.entries(TOPICS).map(([topic, { meaning }]) => `| ${codeSpan(topic)} | ${meaning} |`);
  return ['| event | meaning |', '|---|---|', ...rows].join('\n');
}

/** A list of terms, each with what it means, where that is said. */
function items(pairs: readonly (readonly [term: string, text: string])[]): string {
  return pairs.map(([term, text]) => `- ${codeSpan(term)}${text === '' ? '' : `: ${text}`}`).join('\n');
}

function spans(calls: readonly string[]): string {
  return calls.map(codeSpan).join('\n\n');
}
