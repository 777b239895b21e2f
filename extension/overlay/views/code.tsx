import { useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import { formatMoment } from '../format.ts';
import type { CodeView } from '../model.ts';
import { Button } from './controls.tsx';

type Made = { state: 'none' | 'busy' | 'refused' } | { state: 'ready'; code: CodeView };

/** A link's short code, for whoever is on the phone rather than at a screen. */
export function Code() {
  const { actions, t } = useOverlay();
  const [made, setMade] = useState<Made>({ state: 'none' });
  const make = () => {
    setMade({ state: 'busy' });
    actions.makeCode().then(
      (code) => setMade(code ? { state: 'ready', code } : { state: 'refused' }),
      () => setMade({ state: 'refused' }),
    );
  };
  return (
    <div class="code" role="status">
      {made.state === 'ready' ? (
        <>
          <p class="digits">{made.code.code}</p>
          <p class="help">{t('code_hint', made.code.place, formatMoment(made.code.endsAtMs, t))}</p>
        </>
      ) : (
        <Button busy={made.state === 'busy'} onPress={make}>
          {t('code_make')}
        </Button>
      )}
      {made.state === 'refused' && <p class="help">{t('code_refused')}</p>}
    </div>
  );
}
