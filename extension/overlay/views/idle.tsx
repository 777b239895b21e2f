import { useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { Icon } from '../icons.tsx';
import { Button, TextField } from './controls.tsx';

/** No party yet: open one, or join one. */
export function Idle() {
  const { actions, t } = useOverlay();
  const [link, setLink] = useState('');
  const join = () => actions.join(link);
  return (
    <div class="idle">
      <Kept />
      <div class="hero">
        <Icon name="people" size={44} />
        <h3>{t('idle_title')}</h3>
        <p>{t('idle_text')}</p>
        <Button kind="main" onPress={() => actions.startParty()}>
          {t('start_party')}
        </Button>
      </div>
      <div class="join">
        <h3>{t('join_heading')}</h3>
        <TextField
          label={t('invite_link')}
          address
          value={link}
          placeholder={t('invite_link_hint')}
          onInput={setLink}
          onEnter={join}
        />
        <Button onPress={join}>{t('join')}</Button>
      </div>
    </div>
  );
}

/** The party that this browser was in last, and that nobody has ended. */
function Kept() {
  const { model, actions, t } = useOverlay();
  const kept = model.kept.value;
  if (!kept) return null;
  return (
    <div class="card">
      <p>{kept.title === null ? t('kept_text_untitled') : t('kept_text', kept.title)}</p>
      <div class="actions">
        <Button kind="main" icon="play" onPress={() => actions.takeUp()}>
          {t('kept_take_up')}
        </Button>
        <Button class="surface-button" onPress={() => actions.forgetKept()}>
          {t('kept_forget')}
        </Button>
      </div>
    </div>
  );
}
