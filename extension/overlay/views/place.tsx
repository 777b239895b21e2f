import { useOverlay } from '../context.ts';
import { Icon } from '../icons.tsx';
import type { PartyView } from '../model.ts';
import { Button } from './controls.tsx';

/** The ways back for someone who is not at the party's film. */
export function PlaceButtons({ party: { place, steers } }: { party: PartyView }) {
  const { actions, t } = useOverlay();
  if (place === 'free') {
    return (
      <div class="actions">
        <Button kind="main" icon="play" onPress={() => actions.setFollow('closely')}>
          {t('back_to_others')}
        </Button>
      </div>
    );
  }
  if (place !== 'away' && place !== 'other-item') return null;
  return (
    <div class="actions">
      <Button kind="main" icon="play" onPress={() => actions.returnToFilm()}>
        {t('back_to_film')}
      </Button>
      {place === 'other-item' && steers && (
        <Button class="surface-button" icon="people" onPress={() => actions.bringEveryone()}>
          {t('bring_everyone')}
        </Button>
      )}
    </div>
  );
}

const PLACE_TEXT = {
  away: 'place_away_text',
  'other-item': 'place_other_item_text',
  free: 'place_free_text',
} as const;

/** Says in the panel where this member is, when that is not simply at the film. */
export function PlaceCard({ party }: { party: PartyView }) {
  const { t } = useOverlay();
  const { place } = party;
  switch (place) {
    case 'following':
    case 'autoplay-blocked':
      return null;
    case 'opening':
      return <p class="card">{t('place_opening_text')}</p>;
    default:
      return (
        <div class="card">
          <p>{t(PLACE_TEXT[place])}</p>
          <PlaceButtons party={party} />
        </div>
      );
  }
}

/** Large and in the open: Jellyfin shows nothing to click when the browser blocks the start (jellyfin-web.md 0.8). */
export function StartCover() {
  const { model, actions, t } = useOverlay();
  const screen = model.screen.value;
  if (screen.state !== 'party' || screen.party.place !== 'autoplay-blocked') return null;
  return (
    <section class={`start-cover ${model.panelOpen.value ? 'beside-panel' : ''}`} aria-label={t('start_watching')}>
      <Button kind="main" class="start-button" onPress={() => actions.startPlayback()}>
        <Icon name="play" size={32} />
        <span>{t('start_watching')}</span>
      </Button>
      <p class="surface start-why">{t('start_watching_text')}</p>
    </section>
  );
}
