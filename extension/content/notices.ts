import { assertNever } from '../../shared/errors.ts';
import { formatDuration, formatNames } from '../overlay/format.ts';
import type { Translate } from '../overlay/i18n.ts';
import type { OverlayModel } from '../overlay/model.ts';
import { addToast } from '../overlay/toasts.ts';
import { formatPosition } from './format-position.ts';
import type { Act, News } from './party-state.ts';

/** Turns what happened in the room into toasts, and takes a problem away when it is over. */
export class Notices {
  readonly #model: OverlayModel;
  readonly #say: Translate;

  constructor(model: OverlayModel, say: Translate) {
    this.#model = model;
    this.#say = say;
  }

  tell(news: News): void {
    switch (news.type) {
      case 'acted':
        return this.#toast(this.#acted(news.who, news.act));
      case 'joined':
        return this.#toast(this.#say('toast_joined', news.who));
      case 'left':
        return this.#toast(this.#say('toast_left', news.who));
      case 'stalled':
        return this.#toast(this.#say('toast_stalled', news.who));
      case 'queued':
        return this.#toast(this.#say('toast_queued', news.who, news.title));
      case 'missing':
        return this.#toast(this.#say('toast_missing', news.who));
      case 'started-without':
        return this.#toast(this.#say('toast_started_without', formatNames(news.who, this.#say)));
      case 'refused':
        this.#model.problem.value = { code: news.code, params: [], action: 'dismiss' };
        return;
      default:
        return assertNever(news);
    }
  }

  connectedAgain(): void {
    this.#toast(this.#say('toast_connected_again'));
  }

  /** @param code a problem that no longer holds. */
  solved(code: string): void {
    const { problem } = this.#model;
    if (problem.value?.code === code) problem.value = null;
  }

  #acted(who: string, act: Act): string {
    switch (act.kind) {
      case 'play':
        return this.#say('toast_played', who);
      case 'pause':
        return this.#say('toast_paused', who);
      case 'seek':
        return this.#say('toast_seeked', who, formatPosition(act.positionMs));
      case 'rate':
        return this.#say('toast_rate', who, String(act.rate));
      case 'media':
        return this.#say('toast_media', who, act.title);
      case 'go-on':
        return this.#say('toast_went_on', who);
      case 'wait':
        return act.waitMs === 0
          ? this.#say('toast_wait_never', who)
          : this.#say('toast_wait', who, formatDuration(act.waitMs, this.#say));
      default:
        return assertNever(act);
    }
  }

  #toast(text: string): void {
    addToast(this.#model, text);
  }
}
