/** This content script's life: one signal ends every listener, timer and observer of ours in the page. */
export interface Lifetime {
  /** Aborts when a newer script of the same extension takes over the page. */
  signal: AbortSignal;
}

export interface LifetimeEdges {
  document: Document;
  /** `browser.runtime`; its `id` goes away when the extension does. */
  runtime: { readonly id?: string | undefined };
  /** The extension was updated or removed under this page: this script reaches nothing any more. Called once. */
  onOrphaned(): void;
}

/** The page can see this event. It carries nothing, and all it can do with it is end a script it could also hide. */
const eventName = (extensionId: string): string => `opensyncparty:started:${extensionId}`;

/**
 * Begins a content script's life and ends that of an older one of the same extension in this page (an update
 * injects the new script beside the orphan): two of us never steer one film.
 * @returns null when the extension is gone already.
 */
export function claimPage({ document, runtime, onOrphaned }: LifetimeEdges): Lifetime | null {
  const { id } = runtime;
  if (id === undefined) return null;
  const controller = new AbortController();
  const { signal } = controller;
  document.dispatchEvent(new Event(eventName(id)));
  document.addEventListener(eventName(id), () => controller.abort(), { signal });
  const looking = new AbortController();
  signal.addEventListener('abort', () => looking.abort(), { signal: looking.signal });
  const look = (): void => {
    if (runtime.id !== undefined) return;
    looking.abort();
    onOrphaned();
  };
  // The moments a person comes back to the page: an orphan should say so by then.
  document.addEventListener('visibilitychange', look, { signal: looking.signal });
  document.defaultView?.addEventListener('focus', look, { signal: looking.signal });
  return { signal };
}
