import { ERROR_CODES, type ErrorCode } from '../../shared/errors.ts';
import type { MessageKey } from './i18n.ts';

/** What can go wrong on this side of the wire; the relay's own refusals are `ERROR_CODES`. */
export const CLIENT_CODES = [
  'relay-unreachable',
  'relay-address-wrong',
  'relay-blocked-private',
  'relay-lost',
  'background-stopped',
  'overlay-failed',
  'extension-updated',
  'party-interrupted',
  'jellyfin-signed-out',
  'user-changed',
  'jellyfin-unreachable',
  'item-missing',
  'invite-unreadable',
  'second-tab',
  'others-tab',
  'other-server',
  'seat-taken',
  'player-unknown',
  'no-remote-control',
] as const;

export type ProblemCode = ErrorCode | (typeof CLIENT_CODES)[number];

export const PROBLEM_CODES: readonly ProblemCode[] = [...new Set<ProblemCode>([...ERROR_CODES, ...CLIENT_CODES])];

/** All that the panel can say once the extension is gone from under the page: looked up before that. */
export const ORPHAN_TEXTS: readonly MessageKey[] = [
  'error_extension_updated',
  'error_extension_updated_do',
  'idle_text',
  'idle_title',
  'error_overlay_failed',
  'error_overlay_failed_do',
  'invite_link',
  'invite_link_hint',
  'join',
  'join_heading',
  'language_tag',
  'panel_close',
  'panel_label',
  'panel_pin',
  'panel_settings',
  'problem_dismiss',
  'problem_reload',
  'start_party',
];

type Underscored<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}_${Underscored<Tail>}` : S;
/** Not a `MessageKey`, and so no argument for `t`, while a code lacks its two texts in _locales. */
type WhatKey = `error_${Underscored<ProblemCode>}`;
type DoKey = `${WhatKey}_do`;
/**
 * The two texts of a problem.
 * @param code a problem's code; one that nobody has written a text for reads as `internal`.
 */
export function problemKeys(code: string): { what: WhatKey; todo: DoKey } {
  const known = PROBLEM_CODES.find((candidate) => candidate === code) ?? 'internal';
  const what = `error_${known.replaceAll('-', '_')}` as WhatKey;
  return { what, todo: `${what}_do` };
}
