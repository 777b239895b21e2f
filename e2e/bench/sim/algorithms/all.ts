import type { Algorithm } from './algorithm.ts';
import { osp } from './osp.ts';

export const ALGORITHMS: readonly Algorithm[] = [osp];
