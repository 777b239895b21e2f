import { assertNever } from '../../shared/errors.ts';
import type { Translate } from '../overlay/i18n.ts';
import type { OverlayModel } from '../overlay/model.ts';
import { addToast } from '../overlay/toasts.ts';
import type { News } from './party-state.ts';

const ACTED = {
  play: 'toast_played',
  pause: 'toast_paused',
  seek: 'toast_seeked',
  rate: 'toast_rate',
  media: 'toast_media',
} as const;

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
        return this.#toast(this.#say(ACTED[news.what], news.who));
      case 'joined':
        return this.#toast(this.#say('toast_joined', news.who));
      case 'left':
        return this.#toast(this.#say('toast_left', news.who));
      case 'refused':
        this.#model.problem.value = { code: news.code, params: [], action: 'dismiss' };
        return;
      default:
        return assertNever(news);
    }
  }

  leftParty(): void {
    this.#toast(this.#say('toast_you_left'));
  }

  /** @param code a problem that no longer holds. */
  solved(code: string): void {
    const { problem } = this.#model;
    if (problem.value?.code === code) problem.value = null;
  }

  #toast(text: string): void {
    addToast(this.#model, text);
  }
}
