import { useEffect } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import type { Toast } from '../model.ts';
import { dropToast, MAX_TOASTS, OFFER_MS, TOAST_MS } from '../toasts.ts';
import { OfferButton } from './steering.tsx';

/** What just happened, said in passing. The region stays in the page: screen readers only follow one they know. */
export function Toasts() {
  const { model } = useOverlay();
  return (
    <div class="toasts" role="status">
      {model.toasts.value.slice(-MAX_TOASTS).map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastLine({ toast }: { toast: Toast }) {
  const { model } = useOverlay();
  useEffect(() => {
    const timer = setTimeout(() => dropToast(model, toast.id), toast.offer ? OFFER_MS : TOAST_MS);
    return () => clearTimeout(timer);
  }, [model, toast.id, toast.offer]);
  // Two boxes: only an animation that has its element to itself is left to the compositor.
  return (
    <div class={toast.offer ? 'toast-life offers' : 'toast-life'}>
      <p class="toast surface">{toast.text}</p>
      {toast.offer && <OfferButton offer={toast.offer} onTaken={() => dropToast(model, toast.id)} />}
    </div>
  );
}
