import type { Control } from '../../../shared/protocol.ts';
import { useOverlay } from '../context.ts';
import { Icon } from '../icons.tsx';
import type { PartyView } from '../model.ts';
import { Choices } from './choices.tsx';
import { Switch } from './controls.tsx';
import { Fold } from './fold.tsx';

const CONTROLS: readonly Control[] = ['everyone', 'chosen', 'host'];
const WORDS = { everyone: 'control_everyone', chosen: 'control_chosen', host: 'control_host' } as const;

/** Who may steer, and whether the party is open to newcomers: the host's to choose, everybody's to see. */
export function RulesFold({ party: { role, rules } }: { party: PartyView }) {
  const { actions, t } = useOverlay();
  const word = t(WORDS[rules.control]);
  const hint = rules.locked ? t('control_hint_locked', word) : word;
  if (role === 'guest') {
    return (
      <p class="rules-line">
        <Icon name="steer" size={16} />
        <span>{t('control_line', hint)}</span>
      </p>
    );
  }
  return (
    <Fold icon="steer" title={t('control_title')} hint={hint}>
      {role === 'host' && (
        <div class="field">
          <Choices
            label={t('control_title')}
            choices={CONTROLS.map((value) => ({ value, word: t(WORDS[value]) }))}
            chosen={rules.control}
            onChoose={(control) => actions.manage({ kind: 'control', control })}
          />
          <p class="help">{t('control_help')}</p>
        </div>
      )}
      <Switch
        label={t('lock_party')}
        on={rules.locked}
        help={t('lock_help')}
        onChange={(locked) => actions.manage({ kind: 'lock', locked })}
      />
    </Fold>
  );
}
