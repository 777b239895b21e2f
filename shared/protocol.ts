import * as v from 'valibot';
import { byTag } from './by-tag.ts';
import { CredentialSchema, identityMs, RenewedSchema, RenewSchema, token } from './credentials.ts';
import { ERROR_CODES, ProtocolError } from './errors.ts';
import { INVITE_ACTIONS, INVITE_ANSWERS, InviteRequestSchema } from './invites.ts';
import { MAX_POSITION_MS, MAX_RATE, MAX_SNAPSHOT_LENGTH, MAX_WAIT_MS, MIN_RATE, MIN_TOKEN_LENGTH } from './limits.ts';
import { durationMs, id, MediaSchema } from './media.ts';
import { MemberSchema, ROLES, statusFields } from './member.ts';
import { QUEUE_ACTIONS, QueueSchema } from './queue.ts';

export type { Credential } from './credentials.ts';
export type { Follow } from './follows.ts';
export { type Media, MediaSchema } from './media.ts';
export {
  type Delivery,
  MEMBER_STATES,
  type Member,
  type MemberState,
  type Reason,
  ROLES,
  type Role,
} from './member.ts';
export type { QueueAction, QueueEntry } from './queue.ts';

/** Rises with each incompatible change; neighbours still understand each other (PROTOCOL.md V-01). */
export const PROTOCOL_VERSION = 1;

/**
 * The version two sides speak (PROTOCOL.md V-01).
 * @throws ProtocolError `unsupported-version` when they are more than one version apart.
 */
export function negotiateVersion(client: number, relay: number = PROTOCOL_VERSION): number {
  if (Math.abs(client - relay) <= 1) return Math.min(client, relay);
  const older = client < relay ? 'extension' : 'relay';
  throw new ProtocolError('unsupported-version', `client speaks ${client}, relay ${relay}: update the ${older}`);
}

const finite = v.pipe(v.number(), v.finite());
const positionMs = v.pipe(finite, v.minValue(0), v.maxValue(MAX_POSITION_MS));
const rate = v.pipe(finite, v.minValue(MIN_RATE), v.maxValue(MAX_RATE));
const waitMs = v.pipe(finite, v.minValue(0), v.maxValue(MAX_WAIT_MS));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The relay-owned state of a room's film (PROTOCOL.md section 3). Times are ms on the relay's monotonic clock. */
export const TimelineSchema = v.object({
  epoch: count,
  seq: count,
  phase: v.picklist(['paused', 'playing', 'preparing', 'holding']),
  positionMs,
  rate,
  atMs: finite,
  media: v.nullable(MediaSchema),
});
export type Timeline = v.InferOutput<typeof TimelineSchema>;

/** Who may steer the film: all, host and co-hosts, or the host alone (PROTOCOL.md P-03). */
export const CONTROLS = ['everyone', 'chosen', 'host'] as const;
export type Control = (typeof CONTROLS)[number];

const control = v.picklist(CONTROLS);

/** What a room lets its members do. What a later version calls otherwise is left to the relay to refuse. */
const RulesSchema = v.object({ control: v.fallback(control, 'everyone'), locked: v.boolean() });
export type Rules = v.InferOutput<typeof RulesSchema>;
/** The rules of a room until somebody sets others. */
export const OPEN_RULES: Rules = Object.freeze({ control: 'everyone', locked: false });

/**
 * A room's state, signed by the relay and kept by its members (PROTOCOL.md S-01). The numbers stand beside the token
 * so that it is only read when it can be of use.
 */
export const SnapshotSchema = v.object({
  epoch: count,
  serial: count,
  token: v.pipe(v.string(), v.minLength(MIN_TOKEN_LENGTH), v.maxLength(MAX_SNAPSHOT_LENGTH)),
});
export type Snapshot = v.InferOutput<typeof SnapshotSchema>;

/** How a member knows the film to move, and where it will be when this arrives at the relay (PROTOCOL.md S-06). */
export const FilmSchema = v.object({
  epoch: count,
  seq: count,
  phase: TimelineSchema.entries.phase,
  positionMs,
  rate,
  media: MediaSchema,
});
export type Film = v.InferOutput<typeof FilmSchema>;

const ActionSchema = byTag(
  v.variant('kind', [
    v.object({ kind: v.literal('play') }),
    v.object({ kind: v.literal('pause'), positionMs }),
    v.object({ kind: v.literal('seek'), positionMs }),
    v.object({ kind: v.literal('rate'), rate }),
    v.object({
      kind: v.literal('media'),
      media: MediaSchema,
      positionMs,
      play: v.boolean(),
      /** The player went on to it by itself, because the item before was over (PROTOCOL.md T-15). */
      ended: v.optional(v.boolean()),
    }),
    v.object({ kind: v.literal('go-on') }),
    v.object({ kind: v.literal('wait'), waitMs }),
    v.object({ kind: v.literal('undo') }),
  ]),
);
export type Action = v.InferOutput<typeof ActionSchema>;

/** What a member who may not steer can ask of those who may: `back` is a few seconds back (PROTOCOL.md P-05). */
const WISHES = ['pause', 'play', 'back'] as const;
export type Wish = (typeof WISHES)[number];

/** What concerns the party rather than the film; it names no `seq` (PROTOCOL.md P-04). */
const ManageActionSchema = byTag(
  v.variant('kind', [
    v.object({ kind: v.literal('control'), control }),
    v.object({ kind: v.literal('lock'), locked: v.boolean() }),
    v.object({ kind: v.literal('role'), member: id, role: v.picklist(ROLES) }),
    v.object({ kind: v.literal('kick'), member: id }),
    v.object({ kind: v.literal('ask'), what: v.picklist(WISHES) }),
    ...QUEUE_ACTIONS,
    ...INVITE_ACTIONS,
  ]),
);
export type ManageAction = v.InferOutput<typeof ManageActionSchema>;

const ClientMessageSchema = byTag(
  v.variant('type', [
    v.object({
      type: v.literal('hello'),
      v: count,
      credential: CredentialSchema,
      client: v.pipe(v.string(), v.maxLength(64)),
      snapshot: v.optional(SnapshotSchema),
      film: v.optional(FilmSchema),
    }),
    v.object({ type: v.literal('ping'), c: finite }),
    v.object({ type: v.literal('command'), id, base: count, action: ActionSchema }),
    v.object({ type: v.literal('manage'), id, action: ManageActionSchema }),
    v.object({
      type: v.literal('status'),
      ...statusFields,
      deliveryMs: v.nullable(durationMs),
      startMs: v.nullable(durationMs),
    }),
    v.object({ type: v.literal('ready'), seq: count }),
    v.object({ type: v.literal('stall'), seq: count, positionMs }),
    InviteRequestSchema,
    RenewSchema,
    v.object({ type: v.literal('leave') }),
  ]),
);
export type ClientMessage = v.InferOutput<typeof ClientMessageSchema>;

/**
 * Who is waited for before a start, and until when at most (relay clock). `soonestAtMs`: no sooner than that, as long as
 * nobody asks for it; then nobody may be waited for (PROTOCOL.md T-15).
 */
const GateSchema = v.object({
  waitingFor: v.array(id),
  deadlineAtMs: finite,
  soonestAtMs: v.optional(finite),
});
export type Gate = v.InferOutput<typeof GateSchema>;

/** Why the timeline is what it is; `by` names the member when a person did it. */
export const CAUSES = [
  'welcome',
  'play',
  'pause',
  'seek',
  'rate',
  'media',
  'go-on',
  'wait',
  'undo',
  'queue',
  'stall',
  'ready',
  'deadline',
  'waiting',
] as const;

/** How long the room waits for who stalls (PROTOCOL.md T-13). A relay that does not say so waits for nobody. */
const roomWaitMs = v.optional(waitMs, 0);

const RelayMessageSchema = v.variant('type', [
  v.object({
    type: v.literal('welcome'),
    v: count,
    s: finite,
    room: id,
    you: id,
    seat: token,
    identityMs,
    resumed: v.boolean(),
    timeline: TimelineSchema,
    gate: v.nullable(GateSchema),
    waitMs: roomWaitMs,
    rules: v.optional(RulesSchema, OPEN_RULES),
    queue: v.optional(QueueSchema, []),
    members: v.array(MemberSchema),
  }),
  v.object({ type: v.literal('pong'), c: finite, s: finite }),
  v.object({
    type: v.literal('timeline'),
    s: finite,
    cause: v.picklist(CAUSES),
    by: v.nullable(id),
    id: v.nullable(id),
    timeline: TimelineSchema,
    gate: v.nullable(GateSchema),
    waitMs: roomWaitMs,
    /** Where the film was before this moved it, in media ms: after a seek, an undo or another item (PROTOCOL.md R-15). */
    fromMs: v.optional(positionMs),
  }),
  v.object({ type: v.literal('member'), s: finite, member: MemberSchema }),
  /** `by`: who put that member out; null when it left, or was away too long. */
  v.object({ type: v.literal('left'), s: finite, member: id, by: v.optional(v.nullable(id), null) }),
  /** `id` of the `manage` that this follows from, for its sender; null when the queue has gone on by itself. */
  v.object({ type: v.literal('queue'), s: finite, by: v.nullable(id), id: v.nullable(id), entries: QueueSchema }),
  v.object({ type: v.literal('rules'), s: finite, by: v.nullable(id), rules: RulesSchema }),
  /** To those who may steer, and to who asked. */
  v.object({ type: v.literal('asked'), s: finite, by: id, what: v.picklist(WISHES) }),
  v.object({ type: v.literal('snapshot'), s: finite, snapshot: SnapshotSchema }),
  ...INVITE_ANSWERS,
  RenewedSchema,
  v.object({
    type: v.literal('error'),
    code: v.picklist(ERROR_CODES),
    message: v.string(),
    id: v.nullable(id),
    timeline: v.nullable(TimelineSchema),
  }),
]);
export type RelayMessage = v.InferOutput<typeof RelayMessageSchema>;

/** A relay message that this version does not know is skipped, so that a newer relay still serves us (PROTOCOL.md V-02). */
export type ParsedRelayMessage = RelayMessage | { type: 'unknown'; name: string };

function parseObject(text: string): { type: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError('bad-message', 'not JSON');
  }
  if (!isTyped(value)) throw new ProtocolError('bad-message', 'not an object with a "type"');
  return value;
}

const isTyped = (value: unknown): value is { type: string } =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function firstIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0];
  return issue ? `${v.getDotPath(issue) ?? 'message'}: expected ${issue.expected ?? issue.type}` : 'malformed';
}

/**
 * Reads one frame from a client.
 * @param text the frame's text.
 * @throws ProtocolError `bad-message` naming the field that is wrong (never its value: it may be a token).
 */
export function parseClientMessage(text: string): ClientMessage {
  const result = v.safeParse(ClientMessageSchema, parseObject(text), { abortEarly: true });
  if (!result.success) throw new ProtocolError('bad-message', firstIssue(result.issues));
  return result.output;
}

const typesOf = ({ options }: typeof RelayMessageSchema): ReadonlySet<string> =>
  new Set(options.map(({ entries }) => entries.type.literal));
const RELAY_TYPES = /*@__PURE__*/ typesOf(RelayMessageSchema);

/**
 * Reads one frame from a relay.
 * @param text the frame's text.
 * @throws ProtocolError `bad-message` when a known type is malformed; unknown types are returned as such.
 */
export function parseRelayMessage(text: string): ParsedRelayMessage {
  const object = parseObject(text);
  if (!RELAY_TYPES.has(object.type)) return { type: 'unknown', name: object.type.slice(0, 64) };
  const result = v.safeParse(RelayMessageSchema, object, { abortEarly: true });
  if (!result.success) throw new ProtocolError('bad-message', firstIssue(result.issues));
  return result.output;
}
