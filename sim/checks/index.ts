import type { CheckName } from '../program';
import { asserted, assertion } from './assertion';
import { blockReused } from './blockReused';
import type { Check } from './check';
import { checkThenAct } from './checkThenAct';
import { deadlock } from './deadlock';
import { irqUnsafeLock } from './irqUnsafeLock';
import { lockHeldAtReturn } from './lockHeldAtReturn';
import { lostData } from './lostData';
import { pinnedAfterFree } from './pinnedAfterFree';
import { refcountLeak } from './refcountLeak';
import { refcountUnderflow } from './refcountUnderflow';
import { resurrection } from './resurrection';
import { sleepInAtomic } from './sleepInAtomic';
import { staleMapping } from './staleMapping';
import { unlockNotHeld } from './unlockNotHeld';
import { useAfterFree } from './useAfterFree';

/** What the machine itself finds. */
const NATIVE: Partial<Readonly<Record<CheckName, Check>>> = {
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

/** What only the program can assert. */
const ASSERTED: Partial<Readonly<Record<CheckName, Check>>> = {
	'stale-mapping': staleMapping,
	'pinned-after-free': pinnedAfterFree,
	'block-reused': blockReused,
	'lost-data': lostData,
	'check-then-act': checkThenAct,
	assertion,
};

/** How to tell of a failure of the check: found by the machine, or asserted by the program, which may assert any. */
export function checkOf(name: CheckName, byProgram: boolean): Check {
	return (byProgram ? ASSERTED[name] : NATIVE[name]) ?? asserted(`${name}, says the program`);
}
