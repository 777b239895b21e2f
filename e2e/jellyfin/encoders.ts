/** Progressive transcodes: an endless mp4 from one point on, made while it is sent, without length or ranges. */
import { type ChildProcess, spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { ignoreHangUp } from './ranges.ts';
import type { Call, Reply } from './types.ts';

export class Encoders {
  readonly #running = new Map<ChildProcess, string>();

  /** Encodes anew, as the real server does: a mere copy would start at the key frame before `startSeconds`. */
  async send(call: Call, file: string, startSeconds: number, playSessionId: string): Promise<Reply> {
    const { response } = call;
    response.writeHead(200, { 'Content-Type': 'video/mp4', 'Accept-Ranges': 'none' });
    if (call.method === 'HEAD') {
      response.end();
      return { type: 'streaming' };
    }
    // Paced a few times faster than it plays, so that two cores stay free for the browsers.
    const source = ['-readrate', '8', '-ss', startSeconds.toFixed(6), '-i', file];
    const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '27', '-threads', '1', '-g', '24', '-bf', '0'];
    const output = ['-c:a', 'aac', '-b:a', '40k', '-movflags', 'frag_keyframe+empty_moov+default_base_moof'];
    const ffmpeg = spawn('ffmpeg', ['-v', 'error', ...source, ...video, ...output, '-f', 'mp4', 'pipe:1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#running.set(ffmpeg, playSessionId);
    response.once('close', () => ffmpeg.kill('SIGKILL'));
    await pipeline(ffmpeg.stdout, response).catch(ignoreHangUp);
    this.#running.delete(ffmpeg);
    return { type: 'streaming' };
  }

  stop(playSessionId: string): void {
    for (const [ffmpeg, id] of this.#running) {
      if (id === playSessionId) ffmpeg.kill('SIGKILL');
    }
  }

  stopAll(): void {
    for (const ffmpeg of this.#running.keys()) ffmpeg.kill('SIGKILL');
  }
}
