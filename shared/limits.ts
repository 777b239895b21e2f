/** Numbers both sides must agree on (PROTOCOL.md section 6). Each lives here once. */

/** Largest client message, in bytes: a hello with a seat and an identity token is under 4 KiB. */
export const MAX_CLIENT_MESSAGE_BYTES = 8 * 1024;
/** Largest hello, in bytes: it may carry the snapshot of a full room (PROTOCOL.md S-03). */
export const MAX_HELLO_BYTES = 40 * 1024;
/** Longest snapshot token, in characters: 50 members with the longest names are 33 K. */
export const MAX_SNAPSHOT_LENGTH = 36 * 1024;
/** Largest relay message, in bytes: a welcome with 50 members stays under 32 KiB. */
export const MAX_RELAY_MESSAGE_BYTES = 64 * 1024;
/** Largest HTTP body, in bytes: one Jellyfin token or one invite. */
export const MAX_HTTP_BODY_BYTES = 8 * 1024;
/** A socket says hello within this time or is closed. */
export const HELLO_DEADLINE_MS = 10_000;
/** No frame from a member for this long means the socket is dead (pings come every 2 s). */
export const IDLE_TIMEOUT_MS = 30_000;
/** A dropped member's seat is kept this long. */
export const SEAT_GRACE_MS = 120_000;
/** Who is back within this time was never away, as far as the others are told; a first try again is (PROTOCOL.md M-04). */
export const BLIP_MS = 2_000;
/** In a party that is taken up again another day people come one after the other: their seats are kept this long. */
export const RESUME_GRACE_MS = 3_600_000;
/** An empty room is forgotten after this time. */
export const EMPTY_ROOM_MS = 300_000;
/** Members of one room. */
export const MAX_MEMBERS = 50;
/** Longest display name, in UTF-16 units. */
export const MAX_NAME_LENGTH = 64;
/** Longest media title, in UTF-16 units. */
export const MAX_TITLE_LENGTH = 200;
/** Shortest and longest token, in characters. */
export const MIN_TOKEN_LENGTH = 16;
export const MAX_TOKEN_LENGTH = 2_048;
/** Files end a little before or after the runtime that the library says, in ms. */
export const RUNTIME_SLACK_MS = 5_000;
/** Entries of a room's queue, and how many of them one member may have added: a few evenings, and no more to show or keep. */
export const MAX_QUEUE = 20;
export const MAX_QUEUE_EACH = 10;
/** Longest film, in ms: 48 h covers any recording. */
export const MAX_POSITION_MS = 48 * 3_600_000;
/** Group speeds offered by jellyfin-web: 0.5 to 2. */
export const MIN_RATE = 0.25;
export const MAX_RATE = 4;
/** What is new of a room's members is told together, at most this often. */
export const MEMBER_NEWS_GAP_MS = 100;
/** Malformed messages allowed on one socket before it is closed. */
export const MAX_BAD_MESSAGES = 3;

/** Start lead bounds (sync.md section 3c): slowest delivery plus start latency plus margin, kept in this range. */
export const MIN_LEAD_MS = 60;
export const MAX_LEAD_MS = 1_200;
export const LEAD_MARGIN_MS = 20;
/** One of three or more members who alone makes the lead longer by more than this is not waited for. */
export const LEAD_OUTLIER_MS = 400;
/** Lead before any member has reported its path: half of a slow round trip. */
export const DEFAULT_LEAD_MS = 250;
/** Members get this long to load after a seek or a new item; then the room starts without them. */
export const GATE_DEADLINE_MS = 6_000;
export const GATE_MEDIA_DEADLINE_MS = 12_000;
/** When an item ended by itself the next one starts so much later, for whoever would rather stay: less than its gate. */
export const COUNTDOWN_MS = 5_000;
/** A room waits this long for who stalls unless it chose otherwise, and at most this long. */
export const DEFAULT_WAIT_MS = 30_000;
export const MAX_WAIT_MS = 120_000;
/** One member may hold the others up this often in this time; after that the room goes on without it. */
export const MAX_HOLDS = 2;
export const HOLDS_WINDOW_MS = 300_000;
/** A hold rests on the frame of who stalled if that is this close behind: 1.2 s of patience at double speed, and the way here. */
export const STALL_POSITION_TOLERANCE_MS = 3_000;
/** A pause names the frame the person stopped on; it is believed within this distance of the timeline. */
export const PAUSE_POSITION_TOLERANCE_MS = 1_500;
/** Seeks of one member that follow each other within this time are taken back as one. */
export const UNDO_MERGE_MS = 3_000;
/** One member may ask those who steer for something this often. */
export const ASK_GAP_MS = 5_000;
/** A short code stands for an invite so long: enough to say it and type it. */
export const CODE_TTL_MS = 15 * 60_000;
/** Minted token lives, the first unless the relay is told otherwise. */
export const IDENTITY_TTL_MS = 3_600_000;
export const GRANT_TTL_MS = 600_000;
export const INVITE_TTL_MS = 12 * 3_600_000;
export const MAX_INVITE_TTL_MS = 7 * 24 * 3_600_000;
/** A party can be taken up again for so long: next week's episode, and a week of nobody having time. */
export const RESUME_TTL_MS = 14 * 86_400_000;
