/**
 * Feeds an HLS playlist of fMP4 segments to a video through Media Source Extensions, so that `src` is a `blob:` as with hls.js.
 * Both browsers get the same: Firefox has no HLS of its own, and jellyfin-web 10.11 does not use Chromium's.
 */
const TYPE = 'video/mp4; codecs="avc1.42C00D,mp4a.40.2"';
const AHEAD_SECONDS = 30;
const BEHIND_SECONDS = 30;

export function feed(video, masterUrl, startSeconds, onFault) {
  const stop = new AbortController();
  const source = new MediaSource();
  const address = URL.createObjectURL(source);
  video.src = address;
  run({ video, source, masterUrl, startSeconds, signal: stop.signal }).catch((error) => {
    if (!stop.signal.aborted) onFault(error);
  });
  return {
    destroy: () => {
      stop.abort();
      URL.revokeObjectURL(address);
    },
  };
}

async function run({ video, source, masterUrl, startSeconds, signal }) {
  await happens(source, 'sourceopen', signal);
  const playlist = await readPlaylist(await mainUrl(masterUrl, signal), signal);
  const buffer = source.addSourceBuffer(TYPE);
  source.duration = playlist.duration;
  await append(buffer, playlist.init, signal);
  if (startSeconds > 0) video.currentTime = startSeconds;
  const loaded = new Set();
  while (!signal.aborted) {
    const next = wanted(video, buffer, playlist.segments, loaded);
    if (!next) {
      if (atEnd(video, playlist, loaded) && source.readyState === 'open') source.endOfStream();
      await pause(video, signal);
      continue;
    }
    const data = await bytes(next.url, signal);
    await append(buffer, data, signal);
    loaded.add(next.number);
    await trim(video, buffer, playlist.segments, loaded, signal);
  }
}

/** The next segment that is missing between the playhead and the end of the look-ahead. */
function wanted(video, buffer, segments, loaded) {
  const now = video.currentTime;
  const from = segments.findIndex((segment) => segment.start + segment.seconds > now);
  for (const segment of from < 0 ? [] : segments.slice(from)) {
    if (segment.start > now + AHEAD_SECONDS) return null;
    if (!loaded.has(segment.number) || !isBuffered(buffer, segment)) return segment;
  }
  return null;
}

function isBuffered(buffer, segment) {
  const middle = segment.start + segment.seconds / 2;
  for (let index = 0; index < buffer.buffered.length; index += 1) {
    if (buffer.buffered.start(index) <= middle && buffer.buffered.end(index) >= middle) return true;
  }
  return false;
}

const atEnd = (video, playlist, loaded) => {
  const last = playlist.segments.at(-1);
  return loaded.has(last.number) && video.currentTime + AHEAD_SECONDS >= last.start;
};

async function trim(video, buffer, segments, loaded, signal) {
  const edge = video.currentTime - BEHIND_SECONDS;
  const old = segments.filter((segment) => loaded.has(segment.number) && segment.start + segment.seconds < edge);
  if (old.length < 5) return;
  for (const segment of old) loaded.delete(segment.number);
  buffer.remove(0, old.at(-1).start + old.at(-1).seconds);
  await happens(buffer, 'updateend', signal);
}

async function append(buffer, data, signal) {
  buffer.appendBuffer(data);
  await happens(buffer, 'updateend', signal);
}

const happens = (target, type, signal) =>
  new Promise((resolve, reject) => {
    target.addEventListener(type, resolve, { once: true, signal });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Until the video moves on or is moved, or a moment has passed. */
const pause = (video, signal) =>
  Promise.race([happens(video, 'seeking', signal), new Promise((resolve) => setTimeout(resolve, 250))]);

async function bytes(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`segment: ${response.status}`);
  return response.arrayBuffer();
}

async function text(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`playlist: ${response.status}`);
  return response.text();
}

async function mainUrl(masterUrl, signal) {
  const lines = (await text(masterUrl, signal)).split('\n');
  return new URL(
    lines.find((line) => line && !line.startsWith('#')),
    masterUrl,
  ).href;
}

async function readPlaylist(url, signal) {
  const lines = (await text(url, signal)).split('\n');
  const map = lines.find((line) => line.startsWith('#EXT-X-MAP:'));
  const init = await bytes(new URL(/URI="([^"]+)"/.exec(map)[1], url).href, signal);
  const segments = [];
  let start = 0;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('#EXTINF:')) continue;
    const seconds = Number.parseFloat(line.slice('#EXTINF:'.length));
    segments.push({ number: segments.length, start, seconds, url: new URL(lines[index + 1], url).href });
    start += seconds;
  }
  return { init, segments, duration: start };
}
