import { useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import type { Screen } from '../model.ts';
import { Button, TextField } from './controls.tsx';

/** The one thing that is missing before the first party: where the relay is, or leave to use it. */
export function Setup({ need }: { need: Extract<Screen, { state: 'setup' }>['need'] }) {
  return need === 'relay' ? <RelaySetup /> : <PairingSetup />;
}

function RelaySetup() {
  const { model, actions, t } = useOverlay();
  const [relay, setRelay] = useState(model.settings.value.relay);
  const save = () => actions.saveSettings({ ...model.settings.value, relay: relay.trim() });
  return (
    <div class="form">
      <h3>{t('setup_relay_title')}</h3>
      <p>{t('setup_relay_text')}</p>
      <TextField
        label={t('relay_address')}
        address
        value={relay}
        placeholder={t('relay_address_hint')}
        onInput={setRelay}
        onEnter={save}
      />
      <SetupButtons onContinue={save} />
    </div>
  );
}

function PairingSetup() {
  const { actions, t } = useOverlay();
  const [code, setCode] = useState('');
  const pair = () => actions.pair(code.trim());
  return (
    <div class="form">
      <h3>{t('setup_pairing_title')}</h3>
      <p>{t('setup_pairing_text')}</p>
      <TextField label={t('pairing_code')} value={code} onInput={setCode} onEnter={pair} />
      <SetupButtons onContinue={pair} />
    </div>
  );
}

function SetupButtons({ onContinue }: { onContinue: () => void }) {
  const { actions, t } = useOverlay();
  return (
    <div class="actions">
      <Button kind="main" onPress={onContinue}>
        {t('continue')}
      </Button>
      <Button kind="quiet" onPress={() => actions.leave()}>
        {t('cancel')}
      </Button>
    </div>
  );
}
