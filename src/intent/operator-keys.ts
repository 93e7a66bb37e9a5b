/** Keys that only an operator's intent may have; of a server's they count as unknown. */
import { SERVER_NAME } from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import { expected } from '../yaml/expected.ts';
import { OPERATOR_KEY_TEXTS } from './intent-keys.ts';
import type { BanIntent, UnbanIntent } from './intent.ts';

export interface ReadKeys {
  /** Milliseconds. */
  readonly confirmWithin?: number;
  readonly unban: Pick<UnbanIntent, 'of' | 'within'>;
  /** Of a snapshot. */
  readonly adds?: true;
}

export type OperatorKeys =
  | { readonly kind: 'read'; readonly keys: ReadKeys }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export const OPERATOR_KEYS: ReadonlySet<string> = new Set(Object.keys(OPERATOR_KEY_TEXTS));

/** What a ban that is tried, an unban, and a snapshot that adds, say beside the rest. */
export function readOperatorKeys({
  of,
  within,
  confirm,
  add,
}: Readonly<Record<string, unknown>>): OperatorKeys {
  if (
    confirm !== undefined &&
    !(typeof confirm === 'string' && /^[0-9]{1,11}(\.[0-9]{1,12})?$/.test(confirm))
  )
    return refuse('confirm', expected('a number of seconds')({ input: confirm }));
  if (of !== undefined && !(typeof of === 'string' && SERVER_NAME.test(of)))
    return refuse('of', expected('the name of a server')({ input: of }));
  if (within !== undefined && within !== 'true') return refuse('within', expected('true')({ input: within }));
  if (add !== undefined && add !== 'true') return refuse('add', expected('true')({ input: add }));
  return {
    kind: 'read',
    keys: {
      ...(confirm !== undefined && { confirmWithin: Math.round(Number(confirm) * 1000) }),
      unban: { ...(of !== undefined && { of }), ...(within === 'true' && { within: true }) },
      ...(add === 'true' && { adds: true }),
    },
  };
}

function refuse(field: string, fault: string): OperatorKeys {
  return { kind: 'refused', refusal: { code: 'wrong-field', field, fault } };
}

/** A ban that is tried ends soon, unless it is confirmed. */
export function trialEnds(
  time: number,
  until: number,
  { confirmWithin }: ReadKeys,
): Pick<BanIntent, 'until' | 'ifConfirmed'> {
  if (confirmWithin === undefined) return { until };
  return { until: Math.min(until, time + confirmWithin), ifConfirmed: until };
}
