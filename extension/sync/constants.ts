/** Every number of the sync engine, once, with its reason. Evidence: docs/ARCHITECTURE.md, section on sync. */

/** Pings right after a (re)connect or wake-up: eight give each direction a good chance of one undelayed packet. */
export const BURST_PINGS = 8;
export const BURST_INTERVAL_MS = 50;
/** Then one a second for two minutes, until the clocks' relative pace is known, then one each two seconds for life. */
export const YOUNG_PINGS = 120;
export const YOUNG_INTERVAL_MS = 1_000;
export const STEADY_INTERVAL_MS = 2_000;
/** Samples older than this no longer count: paths and crystals change. */
export const CLOCK_WINDOW_MS = 60_000;
/** Until the pace is known a sample ages by up to 0.1 ms a second: fewer and fresher ones are better. */
export const YOUNG_WINDOW_MS = 20_000;
/**
 * A start is planned so far ahead that this share of messages comes in time; a rare later one costs its receiver a few ms
 * of being late, not everyone a longer wait.
 */
export const DELIVERY_SHARE = 0.9;
/** Messages of the last so many ms: those that came while the page was loading say nothing about the next one. */
export const DELIVERY_WINDOW_MS = 6_000;
/** Upper bound of kept samples per direction; a 60 s window holds about 60. */
export const MAX_CLOCK_SAMPLES = 240;
/** Typical one-way asymmetry as a share of the shortest round trip; ping-pong cannot see it. */
export const ASYMMETRY_SHARE = 0.05;
/** The clocks' relative pace: a stretch this long gives one offset, ten minutes of them are kept. */
export const SKEW_BUCKET_MS = 15_000;
export const SKEW_MAX_BUCKETS = 40;
/** Before a minute a slope says more about jitter than about crystals. */
export const SKEW_MIN_BUCKETS = 5;
/** From here on it is known well enough to carry samples over the whole window. */
export const SKEW_KNOWN_BUCKETS = 8;
export const SKEW_BUCKETS_APART = 3;
/** What was known before counts like this many stretches. */
export const SKEW_PRIOR_WEIGHT = 4;
/** Crystals are off by up to 100 ppm each (NTP surveys: median 78); more is a clock being stepped. */
export const MAX_SKEW = 300e-6;
/** Less sure than this: a short burst, but not more often than each so many ms. */
export const REBURST_ERROR_MS = 4;
export const REBURST_PINGS = 4;
export const REBURST_SPACING_MS = 10_000;
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
export const LATE_START_MS = { direct: 30, hls: 80, 'progressive-transcode': 400 } as const;
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
/** After a start of ours, where an early seek may be wanted: moving evenly in so many looks is moving. */
export const EARLY_SETTLE_MS = 100;
export const EARLY_LOOK_MS = 30;
export const EARLY_SPREAD_MS = 6;
/** While settling the engine looks this often, to learn the start latency between 250 and 500 ms. */
export const SETTLE_LOOK_MS = 50;
/** The sensor is the median of this many readings: single readings are off by up to 40 ms. */
export const SENSOR_READINGS = 5;
/** Readings kept to tell a frame-quantised clock (Firefox) from a smooth one (Chromium). */
export const SENSOR_WINDOW = 12;
/** What the envelope of a frame-quantised clock may be off by: a quarter of a frame of 24 fps. */
export const COARSE_ERROR_MS = 10;
/** Median step between readings above this means the clock is frame-quantised. */
export const COARSE_STEP_MS = 4;

/**
 * Beyond this one compensated seek; below, trims. A stream that seeks slowly (HLS, transcodes: latency above the third)
 * is brought back by one episode of a faster or slower rate instead, as long as that is worth it.
 */
export const SEEK_THRESHOLD_MS = 80;
export const SEEK_THRESHOLD_PROGRESSIVE_MS = 500;
export const SLOW_SEEK_MS = 150;
/** It must show in this many medians in a row. */
export const SEEK_MEDIANS = 3;
/** Not this soon after a start or seek, whose latency may still be working itself out. */
export const SEEK_QUIET_MS = 1_000;
/** Right after a start one seek is masked by it: so far off, so soon, and only where seeks are quick (sync.md 4a). */
export const EARLY_SEEK_MS = 45;
export const EARLY_WINDOW_MS = 2_500;
/** A second one, with what the first has taught, when that was not enough. */
export const EARLY_SEEKS = 2;
/** Automatic seeks are at least this far apart, doubling while they do not help. */
export const SEEK_BACKOFF_MS = 5_000;
export const MAX_SEEK_BACKOFF_MS = 60_000;
/** A seek is not worth making for the last part of what is buffered. */
export const SEEK_BUFFER_MARGIN_MS = 1_000;

/** Trims shift the pitch: 0.3 % is 5 cents, which nobody hears; 0.5 % is 9 and only for what one could see. */
export const GENTLE_TRIM = 0.003;
export const MAX_TRIM = 0.005;
export const GENTLE_BELOW_MS = 20;
/**
 * In the first moments after a start there is no pitch yet to compare with, and a seek would be the other way: up to 2 %
 * (34 cents) takes 20 ms in a second. Three times as quick as a trim, still slow against sensor and actuator (0.2 s).
 */
/** Less than this is nobody's trouble. */
export const HASTY_ABOVE_MS = 6;
export const HASTY_TRIM = 0.02;
export const HASTY_TIME_MS = 1_000;
/** Proportional part: this long, in ms, for each ms of offset. Slow against the sensor's half second, so it cannot swing. */
export const TRIM_TIME_MS = 3_000;
/** Integral part: converges on the device's own pace against the relay's clock. */
export const INTEGRAL_TIME_MS = 40_000;
export const MAX_PACE = 300e-6;
/** Beyond this an offset is an event to be worked off, not a pace to be learned. */
export const PACE_BELOW_MS = 20;
/** Hysteresis of the trim around a speed that people chose, where stretching has a dead zone and wobbles. */
export const KEPT_TRIM_BEGIN_MS = 6;
export const KEPT_TRIM_END_MS = 2;
/** A frame-quantised clock is known only to a few ms: slower, and not for less than this. */
export const COARSE_TRIM_TIME_MS = 6_000;
export const COARSE_TRIM_BEGIN_MS = 8;
export const COARSE_TRIM_END_MS = 3;
/** Largest change of the trim from one correction to the next. */
export const TRIM_SLEW = 0.001;
/** Rates are written in steps of this; changes smaller than the second wait until they add up. */
export const TRIM_STEP = 5e-6;
export const TRIM_LEAST_CHANGE = 2e-5;
export const TRIM_INTERVAL_MS = 200;
/** In step there is no hurry: each write costs the element an event. */
export const CALM_BELOW_MS = 2;
export const CALM_INTERVAL_MS = 1_000;
/** A deadbeat episode: this rate (3 % with the pace on top), pitch kept (51 cents would be heard), and what entering and leaving it costs. */
export const EPISODE_TRIM = 0.029;
export const EPISODE_SWITCH_MS = 21;
/** Above the first it is worth those; longer than the second a seek is better. */
export const EPISODE_BEGIN_MS = 50;
export const EPISODE_LONGEST_MS = 20_000;
/** Measured latencies that differ by more come from a quantised clock, which only ever lags: the least is the truth. */
export const QUANTISED_SPREAD_MS = 8;

/** Who follows loosely is put right, by one seek, only when further off than this. */
export const LOOSE_MS = 3_000;

/** A stall shorter than this is one's own business; a longer one may hold the room (sync.md section 3f). */
export const STALL_PATIENCE_MS = 1_200;
/** This little left, and less arriving than this share of what is played: it will stand still soon. */
export const LOW_BUFFER_MS = 1_500;
export const LOW_FILL_SHARE = 0.9;
export const SUPPLY_LOOK_MS = 500;
export const SUPPLY_WINDOW_MS = 4_000;
/** Ready for a start with this much loaded; after running dry with more, so that it does not come again at once. */
export const READY_BUFFER_MS = 2_000;
export const HOLD_BUFFER_MS = 5_000;

/** An unanswered command: the person gets their player back (design.md, brief of the play click). */
export const COMMAND_TIMEOUT_MS = 1_500;
/** Both players reach the end within a moment: wait this long for one's own to advance before opening the item. */
export const AUTO_ADVANCE_WAIT_MS = 2_500;
/** A player that goes this near the end of the film was closed by the page, not by its person. */
export const PAGE_CLOSES_MS = 1_500;
/** A new source of the same item (quality, retry) is not announced as media; after this it counts as the same. */
export const ITEM_CONFIRM_MS = 2_000;
/** A player whose item is not known yet gets this long before the party's item is opened over it. */
export const ITEM_UNKNOWN_MS = 3_000;

/** Status goes out this often, on change at once but not more often than the second. */
export const STATUS_INTERVAL_MS = 3_000;
export const STATUS_MIN_INTERVAL_MS = 500;
/** A player that takes this long to start is slow enough to be named. */
export const SLOW_START_MS = 600;
/** Sound that comes out so much later than the person has said is heard to be late: Bluetooth takes 150 to 300 ms, a wire 60. */
export const LATE_SOUND_MS = 110;
/** Files are off their library's runtime by a second or two; more is another version of the film. */
export const OTHER_CUT_MS = 3_000;
/** Within this a member calls itself in sync: what one can see. */
export const IN_SYNC_MS = 40;
/** A wake-up this soon before a scheduled start is left out: a timer that is late would make the start late. */
export const WAKES_APART_MS = 10;
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
/** One stretch may have held an underrun of its own. */
export const SELF_TEST_LEAST = 3;
/** Rates nearer than this are one rate: TRIM_STEP is 250 times as much. */
export const SAME_RATE = 1e-6;
