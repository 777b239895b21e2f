import { useOverlay } from '../context.ts';
import type { MessageKey } from '../i18n.ts';
import { Icon, type IconName } from '../icons.tsx';
import type { Problem } from '../model.ts';
import { problemKeys } from '../problems.ts';
import { Button } from './controls.tsx';

const SOLUTIONS: Partial<Record<Problem['action'], { label: MessageKey; icon?: IconName }>> = {
  retry: { label: 'problem_retry' },
  settings: { label: 'problem_settings', icon: 'settings' },
  reload: { label: 'problem_reload' },
  'open-item': { label: 'problem_open_item', icon: 'play' },
  'watch-here': { label: 'problem_watch_here', icon: 'play' },
};

/** What happened, and what to do about it. */
export function ProblemCard({ problem, onSettings }: { problem: Problem; onSettings: () => void }) {
  const { actions, t } = useOverlay();
  const { what, todo } = problemKeys(problem.code);
  const solution = SOLUTIONS[problem.action];
  return (
    <div class="card problem" role="alert">
      <Icon name="warning" />
      <div class="problem-words">
        <p class="problem-what">{t(what, ...problem.params)}</p>
        <p>{t(todo, ...problem.params)}</p>
        <div class="actions">
          {solution && (
            <Button
              onPress={() => (problem.action === 'settings' ? onSettings() : actions.solveProblem(problem))}
              {...(solution.icon && { icon: solution.icon })}
            >
              {t(solution.label)}
            </Button>
          )}
          {problem.action !== 'none' && (
            <Button kind={solution ? 'quiet' : 'plain'} onPress={() => actions.dismissProblem()}>
              {t('problem_dismiss')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
