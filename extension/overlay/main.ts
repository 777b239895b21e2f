import { mountOverlay } from './mount.tsx';

if (globalThis.ospOverlaySlot) globalThis.ospOverlaySlot.mount = mountOverlay;
