import { useOverlay } from '../context.ts';
import { formatDuration, formatOffset } from '../format.ts';
import { CUT_LIMIT_MS, CUT_PAGE_MS, CUT_STEP_MS } from '../model.ts';
import { Button } from './controls.tsx';
import { Fold } from './fold.tsx';
import { Stepper } from './stepper.tsx';

/** Where this person's version of the film is another one: how much later the same scene comes in it. */
export function OwnCut({ cutMs }: { cutMs: number }) {
  const { actions, t } = useOverlay();
  const far = formatDuration(CUT_PAGE_MS, t);
  const by = (ms: number) => actions.setCut(Math.max(-CUT_LIMIT_MS, Math.min(CUT_LIMIT_MS, cutMs + ms)));
  const size = formatDuration(CUT_STEP_MS, t);
  return (
    <Fold icon="timing" title={t('cut_title')} hint={formatOffset(cutMs, t)}>
      <Stepper
        label={t('cut_label')}
        value={cutMs}
        limit={CUT_LIMIT_MS}
        step={CUT_STEP_MS}
        page={CUT_PAGE_MS}
        text={formatOffset(cutMs, t)}
        less={t('cut_earlier', size)}
        more={t('cut_later', size)}
        onChange={(ms) => actions.setCut(ms)}
      >
        <Button kind="quiet" icon="reset" label={t('cut_reset')} busy={cutMs === 0} onPress={() => actions.setCut(0)} />
      </Stepper>
      <div class="halves">
        <Button onPress={() => by(-CUT_PAGE_MS)}>{t('cut_far_earlier', far)}</Button>
        <Button onPress={() => by(CUT_PAGE_MS)}>{t('cut_far_later', far)}</Button>
      </div>
      <p class="help">{t('cut_help')}</p>
    </Fold>
  );
}
