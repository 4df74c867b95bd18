import type { CNode } from '../../parse/source';
import { inline } from '../descent';
import { callerHolds } from '../callers/callers-locks';
import { at, value } from '../emitted/emitter';
import { settle } from './due';
import { INT, known } from '../values/ctype';
import { load } from '../values/access';
import { fallsOut, gapsSinceTaken, isFragment, leftBehind, passGap, statementOf, takenBehind, unlocks } from './passage';
import { leave } from '../values/scope';
import { goesOn } from './stranded';
import { forgetInterrupts } from '../effects/saved-interrupts';
import type { Frame } from '../frame';
import type { Lowering } from '../lowering';
import type { Elided, ElidedLock } from '../facts';

/** What steps are told as that elided code takes. */
const NOT_SHOWN = 'in code that is not shown';

/** Passes the gaps that lie before this statement: what elided code may have done there. */
export function gap(l: Lowering, node: CNode): void {
	const { fn } = l.frame;
	if (!fn) return;
	for (const line of fn.gaps) {
		if (line > node.line || line > node.endLine || l.frame.passage.gaps.has(line)) continue;
		// A gap inside a compound statement is passed there, not before it.
		if (node.line < line) continue;
		passGap(l.frame, line);
		l.from(node, NOT_SHOWN);
		elided(l, gapId(l, l.frame, line));
		goesOn(l, line);
		if (node.type === 'return_statement') returnsBefore(l, node);
	}
}

/** Behind a statement: what was taken there by code that nobody knows. */
export function behind(l: Lowering, node: CNode): void {
	leftBehind(l.frame, node);
	if (node.type !== 'if_statement' || !isFragment(l.frame) || l.facts.acquired.size === 0) return;
	const { passage } = l.frame;
	const statement = statementOf(l.frame, node);
	if (statement === null || passage.taken.has(statement)) return;
	const id = `${gapId(l, l.frame, Math.max(0, ...passage.gaps))}#${statement}`;
	if (!l.facts.acquired.has(id)) return;
	passage.taken.add(statement);
	takeElided(l, id);
}

/**
 * Gotos lead to a label that is elided, and what follows the gap is a return: the label stands right before it, so that code that comes from above
 * has returned its result in the gap. The result is the one local of the type that is wanted.
 */
function returnsBefore(l: Lowering, node: CNode): void {
	const { frame, emitter } = l;
	const wanted = known(frame.returns) ? frame.returns : frame.hint;
	if (!frame.fn || !known(wanted) || wanted.pointer === 0 || !elidedLabels(frame.fn.body, frame.labels)) return;
	const params = new Set(frame.fn.params.map(({ name }) => name));
	const results = [...frame.locals].filter(([name, local]) => !params.has(name) && local.kind === 'register' && local.type.pointer === wanted.pointer && local.type.base === wanted.base);
	const [result] = results;
	if (results.length !== 1 || result?.[1].kind !== 'register') return;
	l.assumptions.add(`${frame.fn.name}() returns ${result[0]} in code that the patch does not show, before line ${frame.file.place(node.line).input}`);
	const val = load(l, { kind: 'register', local: result[1] });
	l.flow({ unknown: `r:${l.thread}:${frame.id}` }, val);
	l.assign(frame.result, val);
	emitter.jump(frame.exit);
}

function elidedLabels(body: CNode, labels: ReadonlyMap<string, unknown>): boolean {
	if (body.type === 'goto_statement') return !labels.has(body.field('label')?.text ?? body.named[0]?.text ?? '');
	return body.named.some((child) => elidedLabels(child, labels));
}

/** Stable on both sides of the patch: the hunks are the same on both. 0 is the beginning. */
const gapId = (l: Lowering, frame: Frame, line: number): string => `${ownId(l, frame)}${line === 0 ? 0 : (frame.fn?.gaps.indexOf(line) ?? -1) + 1}`;
/** What begins the ids of all that a function's elided code does. */
export const ownId = (l: Lowering, frame: Frame): string => `${l.thread}:${frame.fn?.name ?? ''}:`;

/** The beginning of a fragment. */
export function headGap(l: Lowering): void {
	const { fn } = l.frame;
	if (fn?.headElided) l.emitter.local({ op: 'excuse' });
	if (fn && (fn.headElided || fn.gaps.length > 0)) takeElided(l, gapId(l, l.frame, 0));
	goesOn(l, 0);
}

/** Whatever is held may have been released out of sight. */
export function forgive(l: Lowering, kept: ReadonlySet<string> = NONE): void {
	l.emitter.local({ op: 'excuse' });
	forgetInterrupts(l, l.frame);
	for (const [key, register] of l.held) if (!kept.has(key)) l.emitter.local({ op: 'set', dst: register, from: value(0) });
}

const NONE: ReadonlySet<string> = new Set();

const guards = (l: Lowering, frame: Frame): string => `${ownId(l, frame)}guarded`;

/** The patch makes a lock's release automatic, and the mail says that one was missing: a return that nobody shows lacked it. */
export function guarded(l: Lowering, node: CNode): void {
	const { frame, facts, reading } = l;
	if (!reading.lockKept || !isFragment(frame) || !frame.file.place(node.line).changed || facts.acquired.has(guards(l, frame))) return;
	facts.acquired.set(guards(l, frame), new Map());
	l.world.changed = true;
}

/** Elided code returns. */
function returnsUnseen(l: Lowering, id: string): void {
	if (!l.facts.acquired.has(guards(l, l.frame)) || l.taken.size === 0) return;
	l.assumptions.add(`${l.frame.fn?.name ?? ''}() may return in code that the patch does not show, as the mail speaks of a release that is missing`);
	const chosen = l.unknown(`${l.frame.id}@return${id}`, INT);
	l.interest(chosen, (interest) => { interest.truth = true; });
	const on = l.emitter.label();
	l.emitter.branch(l.alu('eq', chosen.operand, value(0)).operand, on);
	leave(l, 0);
	l.emitter.jump(l.frame.exit);
	l.emitter.place(on);
}

function elided(l: Lowering, id: string): void {
	returnsUnseen(l, id);
	settle(l);
	unshownWork(l);
	forgive(l);
	l.lent.clear();
	const own = l.facts.acquired.get(releasesLater(l, id));
	for (const { key, kind, mode, off } of l.facts.acquired.get(releases(id))?.values() ?? []) if (kind && !own?.has(key)) releaseElided(l, { key, kind, mode, off });
	takeElided(l, id);
}

/** A scenario may say what is done where nothing is shown, as a function of this name. */
export const ELIDED = 'elided_';

export function unshownWork(l: Lowering): void {
	const definition = l.sources.defined(ELIDED);
	const { fn } = l.frame;
	if (definition && fn && !l.frame.file.modelled) inline(l, definition, [], fn.body, INT);
}

const releases = (id: string): string => `${id} releases`;
/** Of one side of the patch: not begun like the ids of what elided code does. */
const releasesLater = ({ reading }: Lowering, id: string): string => `${reading.side} itself behind ${id}`;

/** Only the gap at this line can have released the lock. */
export function releasedIn(l: Lowering, line: number, lock: ElidedLock): void {
	const id = releases(gapId(l, l.frame, line));
	const all = l.facts.acquired.get(id) ?? new Map<string, Elided>();
	if (all.has(lock.key)) return;
	l.facts.acquired.set(id, all.set(lock.key, lock));
	l.world.changed = true;
}

/** The patch's own line gives back here what was seen to be taken: on this side nobody did so out of sight before, whatever the other side's text leaves to its gaps. */
export function releasedByItself(l: Lowering, key: string, node: CNode): void {
	const { frame, facts, reading } = l;
	if (!isFragment(frame) || !frame.file.place(node.line).changed || (reading.side === 'pre' && reading.unlockedTwice) || !fallsOut(frame, node)) return;
	for (const line of gapsSinceTaken(frame, key)) {
		const id = releasesLater(l, gapId(l, frame, line));
		const all = facts.acquired.get(id) ?? new Map<string, Elided>();
		if (all.has(key)) continue;
		facts.acquired.set(id, all.set(key, { key, mode: 'exclusive' }));
		l.world.changed = true;
	}
}

function releaseElided(l: Lowering, { key, kind, mode, off }: ElidedLock): void {
	l.assumptions.add(`${key} is released in code of ${l.frame.fn?.name ?? ''}() that the patch does not show`);
	l.world.reach(key);
	const place = at(value(l.world.address(key)), 0);
	const held = l.temporary();
	const none = l.emitter.label();
	l.emitter.visible({ op: 'held', at: place, dst: held.operand.reg }, { key });
	l.emitter.branch(l.alu('eq', held.operand, value(0)).operand, none);
	l.emitter.visible({ op: 'unlock', at: place, kind, mode }, { key });
	if (off) l.emitter.local({ op: 'context', which: off, delta: -1 });
	l.emitter.place(none);
}

function takeElided(l: Lowering, id: string): void {
	const name = l.frame.fn?.name ?? '';
	// What is released first was taken last.
	for (const taken of [...l.facts.acquired.get(id)?.values() ?? []].reverse()) {
		// A lock that only its functions name is a cell of no type of the kernel's.
		l.assumptions.add(`${taken.key.replace(/^~\w+\.(?:__)?/, '')} was taken in code of ${name}() that the patch does not show`);
		if (taken.unnamed) {
			l.account(taken.key, 'add', value(1));
			continue;
		}
		l.world.reach(taken.key);
		const place = at(value(l.world.address(taken.key)), 0);
		if (taken.kind === undefined) {
			l.emitter.visible({ op: 'get', at: place }, { key: taken.key, inferred: true });
			l.facts.counted(taken.key, l.thread, 1);
			l.emitter.local({ op: 'escape', pointer: place.base });
			l.account(taken.key, 'add', value(1));
		} else {
			if (taken.off) l.emitter.local({ op: 'context', which: taken.off, delta: 1 });
			l.emitter.visible({ op: 'lock', at: place, kind: taken.kind, mode: taken.mode, sleeps: false }, { key: taken.key, inferred: true });
		}
	}
}

/** The fragment on the stack in whose elided lines something was taken, and the last gap before this point. */
export function takenIn(l: Lowering, key: string, taken: Elided): boolean {
	for (let frame: Frame | null = l.frame; frame; frame = frame.parent) {
		if (!frame.fn || !isFragment(frame)) continue;
		const { line, statement } = takenBehind(frame);
		if (taken.kind !== undefined) unlocks(frame, key, line);
		if (line === 0 && !frame.fn.headElided && statement === null) return false;
		const own = ownId(l, frame);
		const [known] = [...l.facts.acquired].filter(([id, all]) => id.startsWith(own) && all.has(key));
		if (known) {
			// Another way to a release, from before that gap.
			if (Number.parseInt(known[0].slice(own.length), 10) <= (frame.fn.gaps.indexOf(line) + 1)) return true;
			known[1].delete(key);
		}
		const id = `${gapId(l, frame, line)}${statement === null ? '' : `#${statement}`}`;
		l.facts.acquired.set(id, (l.facts.acquired.get(id) ?? new Map<string, Elided>()).set(key, taken));
		l.world.changed = true;
		return true;
	}
	return false;
}

/** A line of a fragment that the patch takes away. */
export const isRemoved = ({ frame, reading }: Lowering, node: CNode): boolean => reading.side === 'pre' && isFragment(frame) && frame.file.place(node.line).changed;

/** The mail says that a lock stayed held, and the patch takes away a return behind a lock that is not seen to be released. */
export function keepsLock(l: Lowering, node: CNode): void {
	const { passage, fn } = l.frame;
	if (!l.reading.lockKept || !isRemoved(l, node)) return;
	for (const [key, { line }] of passage.open) {
		// Without a gap in between it is held indeed.
		if (line < Math.max(0, ...passage.gaps)) l.emitter.local({ op: 'assert', cond: value(0), check: 'lock-held-at-return', message: `as the mail has it ${fn?.name ?? ''}() returns with ${key} held` });
	}
}

/** A release whose acquire nobody has seen: a fragment's elided lines took it, or, for a whole function, its caller. */
export function releasedUnseen(l: Lowering, lock: ElidedLock): void {
	if (!takenIn(l, lock.key, lock) && !l.frame.file.modelled) callerHolds(l, lock.key, lock.mode, lock.kind);
}
