import { useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { Button, Switch, TextField } from './controls.tsx';

/** The settings that matter while watching; the options page has the rest. */
export function SettingsForm({ onDone }: { onDone: () => void }) {
  const { model, actions, t } = useOverlay();
  const [draft, setDraft] = useState(model.settings.value);
  const save = () => {
    actions.saveSettings({ ...draft, relay: draft.relay.trim(), name: draft.name.trim() });
    onDone();
  };
  return (
    <div class="form">
      <h3>{t('settings_title')}</h3>
      <TextField
        label={t('relay_address')}
        address
        value={draft.relay}
        placeholder={t('relay_address_hint')}
        help={t('relay_address_help')}
        onInput={(relay) => setDraft({ ...draft, relay })}
        onEnter={save}
      />
      <TextField
        label={t('your_name')}
        value={draft.name}
        help={t('your_name_help')}
        onInput={(name) => setDraft({ ...draft, name })}
        onEnter={save}
      />
      <Switch
        label={t('beside')}
        on={draft.beside}
        help={t('beside_help')}
        onChange={(beside) => setDraft({ ...draft, beside })}
      />
      <div class="actions">
        <Button kind="main" onPress={save}>
          {t('save')}
        </Button>
        <Button kind="quiet" onPress={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  );
}
