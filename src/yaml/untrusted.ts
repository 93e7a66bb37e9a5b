/**
 * YAML from a server that may be in an attacker's hands. Every scalar stays a string, and whatever makes a small text
 * expensive or ambiguous is refused: anchors, aliases, tags, directives, complex keys, several documents, thousands
 * of indicators. The caller caps the size: 8 KiB of junk parse for 0.16 s, 64 KiB for 7 s (yaml 2.9).
 */
import { isScalar, parseDocument, visit, type Document } from 'yaml';
import type { Refusal } from '../domain/refusals.ts';
import { isDeep, MAX_DEPTH } from './depth.ts';
import { readPlainLines } from './plain-lines.ts';

type UntrustedYaml =
  | { readonly kind: 'mapping'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Reads one YAML 1.2 mapping whose leaves are all strings. */
export function readUntrusted(text: string): UntrustedYaml {
  const fields = readPlainLines(text);
  return fields === undefined ? readByParser(text) : { kind: 'mapping', value: fields };
}

/** The same by the yaml package alone. */
export function readByParser(text: string): UntrustedYaml {
  if (isDeep(text)) return refuse({ code: 'too-deep', most: MAX_DEPTH });
  if (countIndicators(text) > MAX_INDICATORS)
    return refuse({ code: 'too-many-indicators', most: MAX_INDICATORS });
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      version: '1.2',
      schema: 'failsafe',
      strict: true,
      uniqueKeys: true,
      merge: false,
      customTags: [],
      logLevel: 'error',
      prettyErrors: false,
    });
    const refusal = refusalOf(document);
    if (refusal !== undefined) return refuse(refusal);
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { kind: 'mapping', value: value as Record<string, unknown> };
    }
    return refuse({ code: 'not-a-mapping' });
  } catch (error) {
    // The parser limits depth and aliases by throwing errors of several types.
    return refuse({ code: 'not-yaml', said: error instanceof Error ? error.message : String(error) });
  }
}

function refuse(refusal: Refusal): UntrustedYaml {
  return { kind: 'refused', refusal };
}

/**
 * What the parser's time goes by, beside the size: 8 KiB of commas take it three times as long as the longest list of
 * bans that 8 KiB hold, which has some 2,800.
 */
const MAX_INDICATORS = 3_000;

function countIndicators(text: string): number {
  return text.match(/[-?:,[\]{}#&*!|>'"%@`]/g)?.length ?? 0;
}

/** Keys that mean something to JavaScript objects; no intent has a use for them. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function refusalOf(document: Document.Parsed): Refusal | undefined {
  const [error] = document.errors;
  if (error !== undefined) return { code: 'not-yaml', said: error.message };
  if (document.directives.yaml.explicit === true) return { code: 'directive', name: 'YAML' };
  if (Object.keys(document.directives.tags).some((handle) => handle !== '!!'))
    return { code: 'directive', name: 'TAG' };

  let refusal: Refusal | undefined;
  visit(document, {
    Alias: () => {
      refusal = { code: 'alias' };
      return visit.BREAK;
    },
    Node: (_key, node) => {
      if (node.anchor === undefined && node.tag === undefined) return undefined;
      refusal =
        node.anchor === undefined
          ? { code: 'tag', name: node.tag ?? '' }
          : { code: 'anchor', name: node.anchor };
      return visit.BREAK;
    },
    Pair: (_key, pair) => {
      if (!isScalar(pair.key)) refusal = { code: 'odd-key' };
      else if (FORBIDDEN_KEYS.has(String(pair.key.value)))
        refusal = { code: 'forbidden-key', key: String(pair.key.value) };
      return refusal === undefined ? undefined : visit.BREAK;
    },
  });
  const [warning] = document.warnings;
  return refusal ?? (warning === undefined ? undefined : { code: 'not-yaml', said: warning.message });
}
