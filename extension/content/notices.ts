import { assertNever } from '../../shared/errors.ts';
import { formatDuration, formatNames } from '../overlay/format.ts';
import type { Translate } from '../overlay/i18n.ts';
import type { Offer, OverlayModel } from '../overlay/model.ts';
import { addToast } from '../overlay/toasts.ts';
import { formatPosition } from './format-position.ts';
import type { Act, News } from './party-state.ts';

/** A longer way through the film is said by where it leads, in ms. */
const SKIP_MS = 120_000;

const OWN_ROLE = { host: 'toast_you_host', 'co-host': 'toast_you_co_host', guest: 'toast_you_guest' } as const;
const MADE_OWN = {
  host: 'toast_made_you_host',
  'co-host': 'toast_made_you_co_host',
  guest: 'toast_made_you_guest',
} as const;
const MADE_THEIRS = { host: 'toast_made_host', 'co-host': 'toast_made_co_host', guest: 'toast_made_guest' } as const;
const THEIR_ROLE = { host: 'toast_host', 'co-host': 'toast_co_host', guest: 'toast_guest' } as const;
const CONTROL = { everyone: 'toast_everyone_steers', chosen: 'toast_chosen_steer', host: 'toast_host_steers' } as const;
const ASKED = { pause: 'toast_asks_pause', play: 'toast_asks_play', back: 'toast_asks_back' } as const;

const PART = {
  intro: 'toast_intro',
  recap: 'toast_recap',
  commercial: 'toast_commercial',
  preview: 'toast_preview',
  outro: 'toast_outro',
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
        return this.#toast(this.#acted(news.who, news.act), news.undoable ? { kind: 'undo' } : undefined);
      case 'joined':
        return this.#toast(this.#say('toast_joined', news.who));
      case 'left':
        return this.#toast(this.#say('toast_left', news.who));
      case 'removed':
        return this.#toast(
          news.by === null ? this.#say('toast_you_removed', news.who) : this.#say('toast_removed', news.by, news.who),
        );
      case 'role':
        return this.#toast(this.#role(news));
      case 'control':
        return this.#toast(this.#say(CONTROL[news.control], news.who));
      case 'lock':
        return this.#toast(this.#say(news.locked ? 'toast_locked' : 'toast_unlocked', news.who));
      case 'asked':
        return news.who === null
          ? this.#toast(this.#say('toast_you_asked'))
          : this.#toast(
              this.#say(ASKED[news.what], news.who),
              news.answerable ? { kind: 'steer', what: news.what } : undefined,
            );
      case 'may-not-steer':
        return this.#toast(
          this.#say(news.control === 'host' ? 'steer_host_only' : 'steer_chosen_only'),
          news.ask ? { kind: 'ask', what: news.ask } : undefined,
        );
      case 'stalled':
        return this.#toast(this.#say('toast_stalled', news.who));
      case 'queued':
        return this.#toast(this.#say('toast_queued', news.who, news.title));
      case 'missing':
        return this.#toast(this.#say('toast_missing', news.who));
      case 'started-without':
        return this.#toast(this.#say('toast_started_without', formatNames(news.who, this.#say)));
      case 'part':
        // The page's own button stands where the panel does.
        if (news.asked && !this.#model.panelOpen.value) return;
        return this.#toast(this.#say(PART[news.part]), { kind: 'skip', part: news.part, toMs: news.toMs });
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

  linkCopied(): void {
    this.#toast(this.#say('toast_link_copied'));
  }

  /** @param code a problem that no longer holds. */
  solved(code: string): void {
    const { problem } = this.#model;
    if (problem.value?.code === code) problem.value = null;
  }

  #role({ who, role, by }: Extract<News, { type: 'role' }>): string {
    if (by === null) return who === null ? this.#say(OWN_ROLE[role]) : this.#say(THEIR_ROLE[role], who);
    return who === null ? this.#say(MADE_OWN[role], by) : this.#say(MADE_THEIRS[role], by, who);
  }

  #acted(who: string, act: Act): string {
    switch (act.kind) {
      case 'play':
        return this.#say('toast_played', who);
      case 'pause':
        return this.#say('toast_paused', who);
      case 'seek':
        return this.#sought(who, act.positionMs, act.fromMs);
      case 'undo':
        return this.#say('toast_undone', who);
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

  #sought(who: string, positionMs: number, fromMs: number | null): string {
    const byMs = fromMs === null ? null : Math.round((positionMs - fromMs) / 1_000) * 1_000;
    if (byMs === null || byMs === 0 || Math.abs(byMs) > SKIP_MS)
      return this.#say('toast_seeked', who, formatPosition(positionMs));
    return this.#say(byMs > 0 ? 'toast_skipped' : 'toast_went_back', who, formatDuration(Math.abs(byMs), this.#say));
  }

  #toast(text: string, offer?: Offer): void {
    addToast(this.#model, text, offer);
  }
}
