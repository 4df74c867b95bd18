import type { FindersOf } from '../../partner';
import { leftBehind } from './left-behind';
import { wakeUps } from './wake-up';

/** Who sleeps, and what wakes him up. */
export const WAITERS = {
	'left-behind': leftBehind, 'wake-up': wakeUps,
} satisfies FindersOf;
