import type { LockKind } from '../../../sim';
import type { IrqEffect } from '../../knowledge/row';
import { unlessFailing } from './may-fail';
import { address, type Call, type Handler, placeAt, type RowOf } from './call';
import { valueOf } from '../values/argument';
import { heldAsSaid } from '../callers/callers-locks';
import { known } from '../values/ctype';
import type { Frame } from '../frame';
import { globalPlace, structOf } from '../values/place';
import { value } from '../emitted/emitter';
import { isRemoved, releasedByItself, releasedIn, releasedUnseen } from '../elided/gap';
import { goesByTaken, isFragment, locks, retaken, takenHere, unlocks } from '../elided/passage';
import type { Lowering } from '../lowering';
import type { Place, Val } from '../values/value';
import { letIn, stale } from '../outline';
import { savesInterrupts } from './saved-interrupts';

const SLEEPING: ReadonlySet<LockKind> = new Set(['mutex', 'rwsem', 'semaphore', 'page']);

type Locking = RowOf<'lock'> | RowOf<'trylock'> | RowOf<'unlock'> | RowOf<'is-held'>;

/** The argument that the row's place is what is pointed at by: `*arg0`. */
const pointerOf = (c: Call, at: string): Call['args'][number] | undefined => c.args[Number(/^\*arg(\d+)$/.exec(at)?.[1] ?? Number.NaN)];

/** `spin_lock(get_foo_lock(x))`, where nobody shows what gives the lock: it is one wherever that is called. */
function givenLock(c: Call, at: string): Place | null {
	const { l } = c;
	const [, name] = /^(?:&\s*\*\s*)?([a-z_]\w*(?:lock|mutex|sem)\w*)\s*\([^()]*\)$/.exec(pointerOf(c, at)?.node.text ?? '') ?? [];
	if (!name || l.sources.table.rows.has(name) || l.sources.model(name) || l.sources.defined(name) || l.sources.macro(name) || l.sources.elsewhere(name, c.caller.file.path)) return null;
	return globalPlace(l, `${name}()`);
}

/** `spin_lock(x->lock)`, where nobody shows what the field is: it points at a lock. */
function leadsToLock(c: Call, at: string): void {
	const { l } = c;
	const arg = pointerOf(c, at);
	if (arg?.node.type !== 'field_expression') return;
	const val = valueOf(l, arg);
	if (!known(val.type) && val.unknown?.startsWith('f:')) l.world.pointer(val.unknown.slice(2), structOf(l, val));
}

/** A bit lock's state is a cell of its own beside the word whose bit it is. */
function lockPlace(c: Call, row: Locking): (Place & { kind: 'memory' }) | null {
	const { l } = c;
	const given = givenLock(c, row.at);
	if (given?.kind === 'memory') return given;
	leadsToLock(c, row.at);
	const place = placeAt(c, row.at);
	if (!place) {
		l.unmodelled.add(`${row.api}() on what the lowering cannot place`);
		return null;
	}
	const kind = row.effect === 'is-held' ? undefined : row.kind;
	if (kind !== 'bit' || row.bit === undefined) return place;
	const [owner = '', field = ''] = split(place.key);
	const lock = `${field}__locked`;
	l.world.field(owner, lock);
	return { ...place, offset: place.offset - l.world.offset(owner, field) + l.world.offset(owner, lock), key: `${owner}.${lock}`, path: `${place.path}__locked` };
}

export const split = (key: string): [string, string] => [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];

function interrupts(l: Lowering, irq: IrqEffect | undefined): void {
	const which = irq === 'bh-off' || irq === 'bh-on' ? 'softirq' : 'hardirq';
	if (irq === 'off' || irq === 'save' || irq === 'bh-off') l.emitter.local({ op: 'context', which, delta: 1 });
	if (irq === 'restore' || irq === 'bh-on') l.emitter.local({ op: 'context', which, delta: -1 });
	// On for whoever has called this as well, however often they were turned off.
	if (irq === 'on') l.emitter.local({ op: 'context-set', which, depth: 0 });
}

function lock(c: Call): Val | undefined {
	const row = c.row as RowOf<'lock'>;
	const { l } = c;
	const place = lockPlace(c, row);
	if (!place) return undefined;
	const take = (): void => {
		if (row.irq === 'save') savesInterrupts(c);
		interrupts(l, row.irq);
		l.lockKinds.set(place.path, { kind: row.kind, mode: row.mode });
		l.taken.add(place.path);
		l.facts.crossings.holders.add(place.path, l.thread);
		takenHere(l.frame, place.path);
		if (isFragment(l.frame)) {
			retaken(l.frame, place.path);
			const taken = { key: place.path, kind: row.kind, mode: row.mode, off: row.irq === 'off' || row.irq === 'save' ? 'hardirq' : row.irq === 'bh-off' ? 'softirq' : undefined } as const;
			const gap = locks(l.frame, taken, l.frame.file.place(c.node.line).changed);
			if (gap !== null) releasedIn(l, gap, taken);
		}
		if (l.borrowed.has(place.path)) l.lent.add(place.path);
		l.emitter.visible({ op: 'lock', at: address(place), kind: row.kind, mode: row.mode, sleeps: row.sleeps ?? SLEEPING.has(row.kind), ...(row.nests ? { recursive: true } : {}) }, { key: place.path, ...(row.fails === undefined ? {} : { refusable: true }) });
		stale(l, place.path);
	};
	return unlessFailing(c, row.fails, take);
}

function trylock(c: Call): Val | undefined {
	const row = c.row as RowOf<'trylock'>;
	const { l } = c;
	const place = lockPlace(c, row);
	if (!place) return undefined;
	const taken = l.temporary();
	l.lockKinds.set(place.path, { kind: row.kind, mode: row.mode });
	l.taken.add(place.path);
	takenHere(l.frame, place.path);
	l.emitter.visible({ op: 'trylock', at: address(place), kind: row.kind, mode: row.mode, dst: taken.operand.reg }, { key: place.path });
	if (row.irq && row.irq !== 'none') {
		const refused = l.emitter.label();
		l.emitter.branch(l.alu('eq', taken.operand, value(0)).operand, refused);
		interrupts(l, row.irq);
		l.emitter.place(refused);
	}
	if ((row.taken ?? 1) !== 0) return taken;
	return l.alu('mul', l.alu('eq', taken.operand, value(0)).operand, value(row.refused ?? 1));
}

function unlock(c: Call): Val | undefined {
	const row = c.row as RowOf<'unlock'>;
	const { l } = c;
	const place = lockPlace(c, row);
	if (!place) return undefined;
	// Through a pointer that is a variable itself: what was taken is not told apart.
	const vague = place.path.startsWith('*') && l.taken.size > 0;
	if (!l.taken.has(place.path) && !vague) {
		if (l.reading.unlockedTwice && isRemoved(l, c.node)) {
			l.emitter.local({ op: 'assert', cond: value(0), check: 'unlock-not-held', message: `${place.path} is released where it is not held, as the mail has it` });
			return undefined;
		}
		releasedUnseen(l, { key: place.path, kind: row.kind, mode: row.mode, off: row.irq === 'restore' || row.irq === 'on' ? 'hardirq' : row.irq === 'bh-on' ? 'softirq' : undefined });
		l.borrowed.add(place.path);
	}
	l.lent.delete(place.path);
	if (isFragment(l.frame) && !l.reading.unlockedTwice && goesByTaken(l.frame, place.path)) onlyWhereHeld(l, place);
	// What the patch takes itself it gives back itself: that tells nothing of the code behind.
	const own = l.frame.passage.open.get(place.path)?.own === true;
	releasedByItself(l, place.path, c.node);
	if (isFragment(l.frame)) unlocks(l.frame, place.path);
	if (isFragment(l.frame) && !own && l.frame.file.place(c.node.line).changed) l.frame.passage.released.push({ key: place.path, kind: row.kind, mode: row.mode });
	l.emitter.visible({ op: 'unlock', at: address(place), kind: row.kind, mode: row.mode }, { key: place.path });
	letIn(l, place.path, c.node);
	interrupts(l, row.irq);
	return undefined;
}

/** The path on which the lock is not held does not lead here. */
function onlyWhereHeld(l: Lowering, place: Place & { kind: 'memory' }): void {
	const held = l.temporary();
	const on = l.emitter.label();
	l.emitter.visible({ op: 'held', at: address(place), dst: held.operand.reg }, { key: place.path });
	l.emitter.branch(held.operand, on);
	l.emitter.local({ op: 'cut', why: `a block of ${l.frame.fn?.name ?? ''}() that begins out of sight gives ${place.path} back: it is entered only where that is held` });
	l.emitter.place(on);
}

/** The function's contract: what it asserts and nobody in sight took, its caller holds. */
function assertHeld(c: Call): Val | undefined {
	const row = c.row as RowOf<'assert-held'>;
	holdsAsSaid(c, row.at, row.mode ?? 'exclusive', c.l.frame.parent);
	return undefined;
}

/** The call itself says that this lock is held. `from`: the function that may give it back in sight, or those that call it. */
export function holdsAsSaid(c: Call, lock: string, mode: 'exclusive' | 'shared', from: Frame | null): void {
	const { l } = c;
	const place = placeAt(c, lock);
	if (!place || !heldAsSaid(l, c.caller, place.path, mode, from)) return;
	const held = l.temporary();
	l.emitter.visible({ op: 'held', at: address(place), dst: held.operand.reg }, { key: place.path });
	l.emitter.local({ op: 'assert', cond: held.operand, check: 'assertion', message: `${c.node.text.replace(/\s+/g, ' ')} does not hold: the lock is not held here` });
}

function isHeld(c: Call): Val | undefined {
	const row = c.row as RowOf<'is-held'>;
	const { l } = c;
	const place = lockPlace(c, row);
	if (!place) return undefined;
	const held = l.temporary();
	l.emitter.visible({ op: 'held', at: address(place), dst: held.operand.reg, anyone: row.anyone }, { key: place.path });
	return held;
}

export const lockEffects = { lock, trylock, unlock, 'assert-held': assertHeld, 'is-held': isHeld } satisfies Partial<Record<string, Handler>>;
