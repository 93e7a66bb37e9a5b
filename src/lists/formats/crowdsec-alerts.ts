/**
 * Reads what `cscli decisions list -o json` writes, a JSON array of alerts with their decisions
 * (https://docs.crowdsec.net/docs/cscli/cscli_decisions_list; pkg/models/alert.go and decision.go name the fields), or
 * a JSON array of decisions, as CrowdSec's own API gives it.
 */
import type { DocumentMeaning, LineMeaning } from '../entry.ts';
import { meaningOf } from './crowdsec.ts';
import { isObject } from './json-lines.ts';

/** Undefined for a text that is no JSON array. */
export function parseCrowdsecAlerts(text: string): DocumentMeaning | undefined {
  const alerts = parseArray(text);
  return alerts?.flatMap(decisionsOf).map((decision) => ({
    meaning: parseDecision(decision),
    text: JSON.stringify(decision),
  }));
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of an alert those it has, which may be none; else it is one itself. */
function decisionsOf(alert: unknown): readonly unknown[] {
  if (!isObject(alert) || !Object.hasOwn(alert, 'decisions')) return [alert];
  const { decisions } = alert;
  return Array.isArray(decisions) ? decisions : [];
}

function parseDecision(decision: unknown): LineMeaning {
  if (!isObject(decision)) return 'unread';
  const field = (name: string): string => {
    const value = Object.hasOwn(decision, name) ? decision[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  return meaningOf({
    target: `${field('scope')}:${field('value')}`,
    action: field('type'),
    simulated: decision['simulated'] === true,
    scenario: field('scenario'),
    duration: field('duration'),
  });
}
