import type { ContextKind } from '../../../sim';
import { alike, type Digest, type Digests, has } from '../digests/digests';
import { comesFirst, given } from '../callers/comes-first';
import { instancePath } from '../../lower/callers/crossings';
import { isNameless } from '../names/nameless';
import { contextOf, INTERRUPTS, neverMeet, roleOf } from '../callers/roles';
import { PARTNERS_BOUND } from '../scenario';
import { isEntry, isStatic, type Side } from '../sides/side';
import type { Touch } from '../digests/touch';

export interface Partner {
	readonly name: string;
	readonly score: number;
}

/** What a conflict over the change itself weighs, and what one over the rest of the changed function. */
const CELL = 8;
const CELLS_BOUND = 40;
const NEAR = 1;
const NEAR_BOUND = 8;
/** Per function that a partner leads through: the nearer one shows the same in fewer steps. */
const DISTANCE = 0.5;
/** Functions whose digests are compared. */
const COMPARED_BOUND = 600;

/** Functions of the side's files that may run against `entry` and disturb what the patch touches there, strongest first. */
export function partnersOf(side: Side, digests: Digests, entry: string, touch: Touch, mentioned: readonly string[]): readonly Partner[] {
	const own = digests.of(entry);
	const asked: Touch = { ...touch, around: calledWith(side, entry, touch.around) };
	const inside = calledHere(side, entry);
	if (endsGiven(side, entry, own)) return [];
	const found: Partner[] = [];
	for (const name of [...side.functions.keys()].slice(0, COMPARED_BOUND)) {
		if (!isEntry(side, name) || (name === entry && !parallel(side, entry))) continue;
		const other = calledWith(side, name, digests.of(name));
		if (endsGiven(side, name, other)) continue;
		const context = contextOf(side, name);
		// Without the callers that are in sight only locks can be told: whose references it uses is theirs to say. And what readers are waited for is told by who queues it.
		const queued = context === 'rcu' || contextOf(side, entry) === 'rcu';
		const score = queued || (inside && !isEntry(side, entry)) ? lockScore(asked, other, context) : affinity(asked, other, context);
		if (score <= 0 || neverMeet(side, entry, name) || ordered(side, entry, own, name, other)) continue;
		found.push({ name, score: score + (mentioned.includes(name) ? 30 : 0) - Math.min(DISTANCE * other.size, score / 2) });
	}
	return found.sort((a, b) => b.score - a.score || a.name.localeCompare(b.name)).slice(0, PARTNERS_BOUND);
}

/** Its locks come behind those with which functions of its role are called. */
function calledWith(side: Side, name: string, digest: Digest): Digest {
	const definition = side.functions.get(name);
	const held = (definition ? roleOf(side, definition)?.row.holds ?? [] : []).flatMap(({ at }) => instancePath(at) ?? (/^[A-Za-z_]\w*$/.test(at) ? `globals.${at}` : []));
	const orders = held.flatMap((outer) => [...digest.locks.keys()].filter((inner) => inner !== outer).map((inner) => `${outer}>${inner}`));
	return orders.length === 0 ? digest : { ...digest, orders: new Set([...digest.orders, ...orders]) };
}

/** How much a function disturbs what the change touches; 0 when it does not. */
function affinity(touch: Touch, other: Digest, context: ContextKind): number {
	const { own, around } = touch;
	let score = lockScore(touch, other, context);
	score += Math.min(CELLS_BOUND, CELL * conflicts(own, other));
	score += lifetimes(touch, other);
	for (const lock of own.locks.keys()) if (has(other.locks.keys(), lock)) score += 6;
	const near = Math.min(NEAR_BOUND, NEAR * conflicts(around, other));
	return score + near;
}

/** Interrupts that take a lock whose taking changed, and those who take two locks the other way round. */
function lockScore({ own, around, exposed }: Touch, other: Digest, context: ContextKind): number {
	let score = 0;
	if (INTERRUPTS.has(context)) for (const lock of exposed) if (has(other.locks.keys(), lock)) score += 100;
	for (const order of around.orders) {
		const [outer = '', inner = ''] = order.split('>');
		const inverse = [...other.orders].some((each) => {
			const [first = '', second = ''] = each.split('>');
			return alike(first, inner) && alike(second, outer);
		});
		if (inverse) score += has(own.locks.keys(), outer) || has(own.locks.keys(), inner) ? 40 : 12;
	}
	return score;
}

function conflicts(a: Digest, b: Digest): number {
	let count = 0;
	for (const key of a.writes) if (has(b.writes, key) || has(b.reads, key)) count++;
	for (const key of a.reads) if (!a.writes.has(key) && has(b.writes, key)) count++;
	return count;
}

/** The change frees, counts or reads by RCU objects that the other one reads, counts or frees. */
function lifetimes({ own, rcu, lifetime }: Touch, other: Digest): number {
	let score = 0;
	for (const type of lifetime) {
		if (type.startsWith('.') ? has(other.reads, type) || has(other.writes, type) : other.types.has(type)) score += 6;
		if (has(other.frees, type)) score += 20;
		if (has(other.counts, type)) score += 12;
		if (own.frees.has(type) && [...other.underRcu].some((key) => key.startsWith(`${type}.`))) score += 30;
	}
	for (const type of other.frees) if (own.types.has(type)) score += 12;
	if (!rcu) return score;
	for (const key of own.underRcu) if (has(other.writes, key)) score += 10;
	for (const key of other.underRcu) if (has(own.writes, key)) score += 10;
	if (own.underRcu.size > 0 && (other.waitsForReaders || other.deferred.size > 0)) score += 10;
	return score;
}

const calledHere = (side: Side, name: string): boolean => (side.callers.get(name) ?? []).length > 0 && !side.referenced.has(name);

/** It ends the object that it is handed: the reference that it drops is one that only its callers, which are in sight, can tell of. A drop that other files may call as well is their own. */
const endsGiven = (side: Side, name: string, own: Digest): boolean => calledHere(side, name) && given(side, name).some((type) => own.frees.has(type) && !(own.counts.has(type) && !isStatic(side, name)));

/** One destroys the object that both are handed: whoever calls the other one holds it. A callback is called by nobody in sight. */
export function ordered(side: Side, a: string, first: Digest, b: string, second: Digest): boolean {
	const [left, right] = [given(side, a), given(side, b)];
	const destroys = (own: Digest, name: string, other: string): boolean =>
		(a === b || !side.referenced.has(other)) && given(side, name).some((type) => own.frees.has(type) && left.includes(type) && right.includes(type));
	return destroys(first, a, b) || destroys(second, b, a) || comesFirst(side, a, b) || comesFirst(side, b, a);
}

/** A thread that is started while the kernel boots or the module is loaded, and nowhere else: there is one of it. */
function startedOnce(side: Side, name: string): boolean {
	if (!side.registrations().some(({ callback, context }) => callback === name && context === 'task')) return false;
	const handedOn = new RegExp(`[(,]\\s*&?${name}\\s*[,)]`);
	const starting = [...side.functions.values()].filter(({ fn }) => handedOn.test(fn.body.text));
	// An object that keeps the thread which works on it has one of them at a time.
	const kept = new RegExp(`\\b(\\w+)(?:->|\\.)\\w+\\s*=\\s*\\w+\\s*\\(\\s*&?${name}\\s*,\\s*\\1\\s*,`);
	return starting.length > 0 && starting.every(({ fn }) => fn.annotations.includes('__init') || kept.test(fn.body.text));
}

/** May the function run against itself? Its role tells; without one, a function outside probe and removal may. */
function parallel(side: Side, name: string): boolean {
	const definition = side.functions.get(name);
	const role = definition ? roleOf(side, definition) : null;
	if (role) return role.row.parallel;
	if ((definition && isNameless(definition.fn)) || startedOnce(side, name)) return false;
	if (/_(probe|remove|disconnect|detach|destroy|unregister|deregister|uninit|deinit|fini|teardown|shutdown)_/.test(name)) return false;
	return !/(_init|_exit|_probe|_remove|_bind|_unbind|_connect|_disconnect|_attach|_detach|_register|_unregister|_new|_add|_del|_release|_destroy|_free|_alloc|_setup|_create|_cleanup|_shutdown|_suspend|_resume)\b/.test(name);
}
