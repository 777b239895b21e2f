import { useOverlay } from '../context.ts';
import type { QueueItem, QueueView } from '../model.ts';
import { Button } from './controls.tsx';

/** What comes next, in order, and what can be put there. */
export function Queue({ queue }: { queue: QueueView }) {
  const { t } = useOverlay();
  const { items, addable } = queue;
  if (items.length === 0 && addable === null) return null;
  return (
    <section class="queue">
      <h3>{t('queue_heading')}</h3>
      <ol>
        {items.map((item, place) => (
          <Row key={item.id} item={item} place={place} queue={queue} />
        ))}
      </ol>
      <AddButton queue={queue} />
    </section>
  );
}

/** Queues what this person looks at in the library. */
export function AddButton({ queue: { addable } }: { queue: QueueView }) {
  const { actions, t } = useOverlay();
  if (addable === null) return null;
  return (
    <Button class="surface-button" icon="plus" onPress={() => actions.queue({ kind: 'queue-add', media: addable })}>
      {t('queue_add')}
    </Button>
  );
}

function Row({ item, place, queue: { mayOrder, mayJoin } }: { item: QueueItem; place: number; queue: QueueView }) {
  const { actions, t } = useOverlay();
  const { id: entry, title, by, own, votes, voted } = item;
  return (
    <li class="queued">
      <span class="queued-title">
        <bdi class="name" title={title}>
          {title}
        </bdi>
        {by !== null && <bdi class="queued-by">{by}</bdi>}
      </span>
      <Button
        kind="quiet"
        class="vote"
        pressed={voted}
        busy={!mayJoin}
        onPress={() => actions.queue({ kind: 'queue-vote', entry, up: !voted })}
      >
        <span class="sr-only">{t('queue_vote', title)}</span>
        <span aria-hidden="true">▲</span> {votes}
      </Button>
      {mayOrder && place > 0 && (
        <Button
          kind="quiet"
          icon="up"
          label={t('queue_up', title)}
          onPress={() => actions.queue({ kind: 'queue-move', entry, to: place - 1 })}
        />
      )}
      {(mayOrder || own) && (
        <Button
          kind="quiet"
          icon="close"
          label={t('queue_remove', title)}
          onPress={() => actions.queue({ kind: 'queue-remove', entry })}
        />
      )}
    </li>
  );
}
