import { useEffect, useRef } from 'preact/hooks';
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
  const element = useRef<HTMLDivElement>(null);
  const lifeMs = toast.offer ? OFFER_MS : TOAST_MS;
  useEffect(() => {
    const life = new AbortController();
    const timer = setTimeout(() => whenLeft(element.current, () => dropToast(model, toast.id), life.signal), lifeMs);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [model, toast.id, lifeMs]);
  // Two boxes: only an animation that has its element to itself is left to the compositor.
  return (
    <div ref={element} class={toast.offer ? 'toast-life offers' : 'toast-life'}>
      <p class="toast surface">{toast.text}</p>
      {toast.offer && <OfferButton offer={toast.offer} onTaken={() => dropToast(model, toast.id)} />}
    </div>
  );
}

/** At once, or when nobody points at any of the toasts any more: one that goes would move the others under the hand. */
function whenLeft(element: Element | null, drop: () => void, signal: AbortSignal): void {
  const toasts = element?.parentElement;
  if (!toasts?.matches(':hover, :focus-within')) return drop();
  const onPointerLeave = (): void => {
    if (!toasts.matches(':focus-within')) drop();
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (!(relatedTarget instanceof Node && toasts.contains(relatedTarget)) && !toasts.matches(':hover')) drop();
  };
  toasts.addEventListener('pointerleave', onPointerLeave, { signal });
  toasts.addEventListener('focusout', onFocusOut, { signal });
}
