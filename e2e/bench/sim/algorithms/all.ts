import type { Algorithm } from './algorithm.ts';
import { biliSyncplay } from './bili-syncplay.ts';
import { openwatchparty } from './openwatchparty.ts';
import { osp } from './osp.ts';
import { syncplay, syncplayCorrection } from './syncplay.ts';
import { syncplayDesktop } from './syncplay-desktop.ts';
import { watchparty } from './watchparty.ts';

export const ALGORITHMS: readonly Algorithm[] = [
  osp,
  syncplay,
  syncplayCorrection,
  openwatchparty,
  syncplayDesktop,
  watchparty,
  biliSyncplay,
];
