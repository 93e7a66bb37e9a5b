/**
 * Reads what `cscli decisions list -o json` writes, a JSON array of alerts with their decisions
 * (https://docs.crowdsec.net/docs/cscli/cscli_decisions_list; pkg/models/alert.go and decision.go name the fields), or
 * a JSON array of decisions, as CrowdSec's own API gives it. Any object that has a type and a value is a decision.
 */
import { decoded } from '../decoded.ts';
import { meaningOf } from './crowdsec.ts';
import type { DocumentParser, TakePart } from './document.ts';
import type { Token } from './tokenizer.ts';

/** A parser that hands on each decision as it ends. */
export function openAlertsParser(takePart: TakePart): DocumentParser {
  const levels: Level[] = [];
  let isClosed = false;
  let hasOther = false;
  let hasDecisions = false;

  const close = (mark: string): boolean => {
    const level = levels.pop();
    isClosed = levels.length === 0;
    if (level?.isObject !== (mark === '}')) return false;
    if (level.fields.has('type') && level.fields.has('value')) {
      hasDecisions = true;
      takeDecision(level.fields, takePart);
    }
    return true;
  };
  const open = (mark: string): boolean => {
    // A list begins with [, and no alert goes as deep.
    if ((levels.length === 0 && mark !== '[') || levels.length === MOST_LEVELS) return false;
    levels.push({ isObject: mark === '{', fields: new Map() });
    return true;
  };
  const take = ({ kind, text, quote }: Token): boolean => {
    if (isClosed) return false;
    if (kind === 'mark' && '[{'.includes(text)) {
      hasOther ||= levels.length > 0;
      return open(text);
    }
    if (kind === 'mark' && ']}'.includes(text)) return close(text);
    const level = levels.at(-1);
    if (level === undefined || quote === "'" || (kind === 'word' && !JSON_WORD.test(text))) return false;
    if (kind === 'mark') return passMark(level, text);
    hasOther = true;
    hasDecisions ||= text === 'decisions';
    return passValue(level, text);
  };
  return { take, isWhole: () => isClosed && (hasDecisions || !hasOther) };
}

/** An object or a list that has not ended. */
interface Level {
  readonly isObject: boolean;
  /** Of an object those that a decision has. */
  readonly fields: Map<string, string>;
  /** The string that may become a key. */
  said?: string | undefined;
  /** Of the value that comes next. */
  key?: string | undefined;
}

function passMark(level: Level, mark: string): boolean {
  level.key = mark === ':' ? level.said : undefined;
  level.said = undefined;
  return mark === ',' || level.key !== undefined;
}

function passValue(level: Level, text: string): boolean {
  if (level.key === undefined) level.said = text;
  else if (FIELDS.includes(level.key)) level.fields.set(level.key, text);
  return true;
}

function takeDecision(fields: ReadonlyMap<string, string>, takePart: TakePart): void {
  const field = (name: string): string => fields.get(name) ?? '';
  const target = `${field('scope')}:${field('value')}`;
  const decision = {
    ...{ target, action: field('type'), simulated: field('simulated') === 'true' },
    ...{ scenario: decoded(field('scenario')), duration: decoded(field('duration')) },
  };
  takePart(meaningOf(decision), `${decision.action} ${target}${decision.simulated ? ' (simulated)' : ''}`);
}

const FIELDS = ['type', 'scope', 'value', 'simulated', 'scenario', 'duration'];

const JSON_WORD = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

const MOST_LEVELS = 32;
