import { move } from './move';
import { putBack } from './put-back';
import { releaseAtReturn } from './release-at-return';
import { sibling } from './sibling';
import { waitFirst } from './wait-first';
import type { Way } from './way';
import { wrap } from './wrap';

export type { Asked } from './way';

/** Every kind of single edit that is tried. */
export const WAYS: readonly Way[] = [putBack, releaseAtReturn, sibling, move, waitFirst, wrap];
