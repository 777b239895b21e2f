import type { Film } from '../../shared/protocol.ts';
import type { EngineRunner } from './engine-runner.ts';

/** So much of a film is seen again at most when a party is taken up another day. */
const KEEP_FILM_MS = 10_000;

/**
 * Tells the engine whether the page is looked at and when the network is another one, and notes where the film is.
 * @param onFilm told now and then, as somebody may say it who was not there to see the film go on (PROTOCOL.md S-10).
 * @param signal ends the watching. @returns tells `onFilm` now: the film is elsewhere, or rests.
 */
export function watchSurroundings(runner: EngineRunner, onFilm: (film: Film) => void, signal: AbortSignal): () => void {
  const note = () => {
    const film = runner.film();
    if (film) onFilm({ ...film, phase: 'paused' });
  };
  const tell = () => runner.dispatch({ type: 'visibility', hidden: document.hidden });
  const rerouted = () => runner.dispatch({ type: 'network-changed' });
  const keeping = setInterval(note, KEEP_FILM_MS);
  signal.addEventListener('abort', () => clearInterval(keeping), { once: true });
  document.addEventListener('visibilitychange', tell, { signal });
  window.addEventListener('online', rerouted, { signal });
  tell();
  return note;
}
