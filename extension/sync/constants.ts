/** Every number of the sync engine, once, with its reason. Evidence: docs/ARCHITECTURE.md, section on sync. */

/** Pings right after a (re)connect or wake-up: eight give each direction a good chance of one undelayed packet. */
export const BURST_PINGS = 8;
export const BURST_INTERVAL_MS = 50;
/** Then a dozen at one a second while the estimate is young, then one each two seconds for life. */
export const YOUNG_PINGS = 12;
export const YOUNG_INTERVAL_MS = 1_000;
export const STEADY_INTERVAL_MS = 2_000;
/** Samples older than this no longer count: paths and crystals change. */
export const CLOCK_WINDOW_MS = 60_000;
/** Upper bound of kept samples per direction; a 60 s window holds about 60. */
export const MAX_CLOCK_SAMPLES = 240;
/** Typical one-way asymmetry as a share of the shortest round trip; ping-pong cannot see it. */
export const ASYMMETRY_SHARE = 0.05;
/** Clock resolution of a page that is not cross-origin isolated. */
export const CLOCK_RESOLUTION_MS = 0.1;
/** The steady tick is a quarter second; a gap this long means the machine slept, and its clock may have stopped. */
export const SLEEP_GAP_MS = 3_000;

/** A paused picture this near the timeline's position is on it; the rest is absorbed by the next start. */
export const REST_TOLERANCE_MS = 30;
/** A seek of a progressive transcode restarts the encoder, so it must be worth it. */
export const REST_TOLERANCE_PROGRESSIVE_MS = 1_000;
/** Some streams land beside the asked position; asking more often does not help. */
export const MAX_REST_SEEKS = 2;
/** `HTMLMediaElement.HAVE_FUTURE_DATA`: it can advance. */
export const HAVE_FUTURE_DATA = 3;

/** A start this late is taken as it is and trimmed away; a later one is planned anew. */
export const LATE_START_MS = 30;
/** Waiting longer than this for one's position to come due is worse than a seek. */
export const MAX_START_WAIT_MS = 600;
/** Pre-roll: how far ahead of the timeline a late starter seeks, on top of its learned latency. */
export const PREROLL_MARGIN_MS = { direct: 250, hls: 700, 'progressive-transcode': 4_000 } as const;
/** Each missed pre-roll aims this much further ahead; after the last one it just plays. */
export const PREROLL_GROWTH = 1.6;
export const MAX_PREROLLS = 4;
/** A paused element that will not load this long is started as it is. */
export const START_PATIENCE_MS = 8_000;
/** A rate command takes this long to be heard (measured in Chromium: the audio pipeline). */
export const RATE_LATENCY_MS = 75;
/** Nothing is started or sought this near the end of an item: there is nothing left to be in sync with. */
export const END_MARGIN_MS = 400;

/** Readings this soon after a start or seek are not the steady motion yet. */
export const SETTLE_MS = 250;
/**
 * The steady tick of content/main.ts. Not 250: that is six frames of 24 fps, and a frame-quantised clock (Firefox) read in
 * step with its frames always lies by the same amount. 226 falls out of step with 23.976, 24, 25, 29.97, 30, 50 and 60.
 */
export const TICK_MS = 226;
/** While settling the engine looks this often, to learn the start latency between 250 and 500 ms. */
export const SETTLE_LOOK_MS = 50;
/** The sensor is the median of this many readings: single readings are off by up to 40 ms. */
export const SENSOR_READINGS = 5;
/** Readings kept to tell a frame-quantised clock (Firefox) from a smooth one (Chromium). */
export const SENSOR_WINDOW = 12;
/** Median step between readings above this means the clock is frame-quantised. */
export const COARSE_STEP_MS = 4;

/** Beyond this one compensated seek; below, trims (sync.md: 12 s at 0.5 % is still unnoticed, longer is not worth it). */
export const SEEK_THRESHOLD_MS = 80;
export const SEEK_THRESHOLD_PROGRESSIVE_MS = 500;
/** It must show in this many medians in a row. */
export const SEEK_MEDIANS = 3;
/** Not this soon after a start or seek, whose latency may still be working itself out. */
export const SEEK_QUIET_MS = 2_000;
/** Automatic seeks are at least this far apart, doubling while they do not help. */
export const SEEK_BACKOFF_MS = 5_000;
export const MAX_SEEK_BACKOFF_MS = 60_000;

/** Trims shift the pitch: 0.3 % is 5 cents, which nobody hears; 0.5 % is 9 and only for what one could see. */
export const GENTLE_TRIM = 0.003;
export const MAX_TRIM = 0.005;
export const GENTLE_BELOW_MS = 20;
/** Half of the offset per second: slow against the sensor's delay of 0.7 s, so it cannot swing. */
export const TRIM_TIME_MS = 2_000;
/** Measured latencies that differ by more come from a quantised clock, which only ever lags: the least is the truth. */
export const QUANTISED_SPREAD_MS = 8;
/** Hysteresis of the trim: it begins above the first and ends below the second. */
export const TRIM_BEGIN_MS = 6;
export const TRIM_END_MS = 2;
export const COARSE_TRIM_BEGIN_MS = 15;
export const COARSE_TRIM_END_MS = 6;
/** Rates are written in steps of this, and not more often than at each steady tick. */
export const TRIM_STEP = 0.000_25;
export const TRIM_INTERVAL_MS = 200;

/** An unanswered command: the person gets their player back (design.md, brief of the play click). */
export const COMMAND_TIMEOUT_MS = 1_500;
/** Both players reach the end within a moment: wait this long for one's own to advance before opening the item. */
export const AUTO_ADVANCE_WAIT_MS = 2_500;
/** A new source of the same item (quality, retry) is not announced as media; after this it counts as the same. */
export const ITEM_CONFIRM_MS = 2_000;
/** A player whose item is not known yet gets this long before the party's item is opened over it. */
export const ITEM_UNKNOWN_MS = 3_000;

/** Status goes out this often, on change at once but not more often than the second. */
export const STATUS_INTERVAL_MS = 3_000;
export const STATUS_MIN_INTERVAL_MS = 500;
/** Within this a member calls itself in sync: what one can see. */
export const IN_SYNC_MS = 40;
/** While a seek or load is awaited the engine looks this often, so that nobody waits for the next tick. */
export const LOOK_SOON_MS = 25;
/** An item that has not come up this long after it was opened is not coming: the person may try again. */
export const OPEN_PATIENCE_MS = 30_000;
/** Seeks of one person go out at most this often: under the relay's limit, and faster than a gate opens. */
export const SEEK_SPACING_MS = 200;

/** The actuator's judge (actuator.ts): beyond these a trim does more harm than the offset it removes. */
export const LARGEST_STEP_MS = 3;
export const LARGEST_SLOPE_ERROR = 0.2;
/** It speaks only when the truth lies on one side by this many standard errors: it looks again and again, so 2 would err. */
export const VERDICT_SIGMAS = 3;
/** Where trims cannot be used: a rare episode may leave a step of its own, a seek one that is seen. */
export const EPISODE_DEAD_BAND_MS = 25;
export const SEEK_ONLY_DEAD_BAND_MS = 80;
/** Readings this soon after leaving or regaining the party's rate show the change itself; the next ones what it led to. */
export const SWITCH_UNSTEADY_MS = 400;
/** Long enough for a trim with rest around it, short enough that the media clock's own pace is a straight line. */
export const SELF_TEST_WINDOW_MS = 30_000;
export const SELF_TEST_WINDOWS = 16;
/** Rates nearer than this are one rate: TRIM_STEP is 250 times as much. */
export const SAME_RATE = 1e-6;
