import type { CheckName } from '../program';
import { assertion } from './assertion';
import type { Check } from './check';
import { deadlock } from './deadlock';
import { irqUnsafeLock } from './irqUnsafeLock';
import { lockHeldAtReturn } from './lockHeldAtReturn';
import { refcountLeak } from './refcountLeak';
import { refcountUnderflow } from './refcountUnderflow';
import { resurrection } from './resurrection';
import { sleepInAtomic } from './sleepInAtomic';
import { unlockNotHeld } from './unlockNotHeld';
import { useAfterFree } from './useAfterFree';

/** The machine's own checks. Every check can also be asserted by the program, in the program's words. */
export const NATIVE_CHECKS: Partial<Readonly<Record<CheckName, Check>>> = {
	'use-after-free': useAfterFree,
	'refcount-underflow': refcountUnderflow,
	'refcount-leak': refcountLeak,
	resurrection,
	deadlock,
	'unlock-not-held': unlockNotHeld,
	'lock-held-at-return': lockHeldAtReturn,
	'sleep-in-atomic': sleepInAtomic,
	'irq-unsafe-lock': irqUnsafeLock,
};

export { assertion };
