import { alike, type Digests, digestsOf } from './digests';
import { pointsOf } from '../implied/sections';
import { lockOf, type Site, sitesOf } from '../implied/sites';
import { isEntry, type Side } from '../sides/side';

/** One use of a field, or one call, in a function's text, with the locks that are held there: its own, and those that all its callers in sight hold. */
export interface Use {
	readonly by: string;
	readonly locks: readonly string[];
	readonly writes: boolean;
	readonly line: number;
}

/** Something that is worked on: a field, or a function that is called. */
export interface Work {
	readonly what: string;
	readonly writes: boolean;
	/** What it writes is made of what it has read there: whoever writes in between is overwritten, whatever others do elsewhere. */
	readonly updates?: boolean;
}

const BEGINS_OR_ENDS = '(init|probe|alloc|create|setup|new|register|free|destroy|release|remove|exit|cleanup|fini|uninit|deinit|teardown|dtor|ctor)';
/** Names of functions that have what they work on for themselves: nobody has it yet, or any more. */
export const HAS_IT_ALONE = new RegExp(String.raw`(^|_)${BEGINS_OR_ENDS}(_|$|\d)`);
/** Names that say so at their end. */
export const ENDS_ALONE = new RegExp(`(^|_)${BEGINS_OR_ENDS}(_(one|all|dev|device|hw|card|chip))?$`);
/** Levels of callers that are climbed for what they hold. */
const CLIMB_BOUND = 3;
/** So many keep to the lock for each one who changes something without. */
const CARELESS_SHARE = 3;
/** Functions of a side that are looked at. */
const FUNCTIONS_BOUND = 1_500;

const known = new WeakMap<Side, Discipline>();

export function disciplineOf(side: Side): Discipline {
	const discipline = known.get(side) ?? new Discipline(side);
	known.set(side, discipline);
	return discipline;
}

/** What the functions of a side's files hold where they use something. */
export class Discipline {
	private readonly digests: Digests;
	private readonly sites = new Map<string, readonly Site[]>();
	private readonly entered = new Map<string, readonly string[]>();
	private index: ReadonlyMap<string, readonly Use[]> | undefined = undefined;

	constructor(private readonly side: Side) {
		this.digests = digestsOf(side);
	}

	/** Uses of a field (`struct.member`), or calls of a function (`name()`), in these files. */
	usesOf(what: string): readonly Use[] {
		this.index ??= this.collect();
		return this.index.get(what) ?? [];
	}

	/**
	 * Functions other than `but`, on this side, that hold the lock where they use it, when that is the rule: before the patch (`past`) nobody changes it without
	 * the lock (or hardly anybody does), and those that change it with the lock, or those that use it so, are more than those that only read it without. Null when it is none, or when
	 * no use changes anything. What `but` changes is its own rule where it still changes it with the lock elsewhere; what it updates, where anybody holds the lock for it. `also`: locks that serve as well.
	 */
	keepers(past: Discipline, { what, writes, updates = false }: Work, lock: string, but: string, also: readonly string[]): readonly string[] | null {
		const holds = ({ locks }: Use): boolean => locks.some((each) => alike(each, lock));
		// The text's order may mislead where a way leaves early: there the ways themselves are asked.
		const holdsThere = (of: Discipline, use: Use): boolean => holds(use) || of.holdsOnTheWay(use, lock);
		const own = (name: string): boolean => name === but || (this.side.callers.get(name)?.every((caller) => caller === but) === true && !isEntry(this.side, name));
		const theirs = this.usesOf(what).filter((use) => !own(use.by) && holdsThere(this, use));
		const keeping = theirs.length > 0 || !writes ? theirs : this.usesOf(what).filter((use) => own(use.by) && (use.writes || updates) && holdsThere(this, use));
		const keepers = new Set(keeping.map(({ by }) => by));
		const careless = past.usesOf(what).filter((use) => !own(use.by) && !HAS_IT_ALONE.test(use.by) && !past.makes(use.by, what) && !holdsThere(past, use));
		const readers = new Set(careless.filter(({ by }) => !keepers.has(by)).map(({ by }) => by));
		const writers = new Set(careless.filter((use) => use.writes).map(({ by }) => by));
		const changing = keeping.some((use) => use.writes);
		const ruled = writers.size * CARELESS_SHARE <= keepers.size && (writes || changing) && ((writes && changing) || readers.size < keepers.size);
		if (keepers.size === 0 || !(ruled || updates)) return null;
		// Another lock that all of them hold serves as well.
		return also.some((other) => keeping.every(({ locks }) => locks.some((each) => alike(each, other)))) ? null : [...keepers];
	}

	/** The function makes such an object itself: until it is done nobody else has it. */
	private makes(by: string, what: string): boolean {
		const struct = what.slice(0, what.lastIndexOf('.'));
		return struct !== '' && this.digests.factsOf(by).some(({ kind, key }) => kind === 'alloc' && key === struct);
	}

	/** Whether each way through the function to the use holds a lock of that key, or each of its callers who share what it works on does. */
	private holdsOnTheWay({ by, line }: Pick<Use, 'by' | 'line'>, lock: string, depth = 0): boolean {
		const definition = this.side.functions.get(by);
		const places = new Set(this.digests.factsOf(by).flatMap((fact) => (fact.kind === 'lock' && alike(fact.key, lock) ? [fact.line] : [])));
		if (!definition || depth > CLIMB_BOUND) return false;
		if (places.size === 0) {
			const callers = isEntry(this.side, by) ? [] : (this.side.callers.get(by) ?? []).filter((caller) => !HAS_IT_ALONE.test(caller));
			return callers.length > 0 && callers.every((caller) => this.digests.factsOf(caller).every((fact) => fact.kind !== 'call' || fact.key !== by || this.holdsOnTheWay({ by: caller, line: fact.line }, lock, depth + 1)));
		}
		const sites = this.sites.get(by) ?? sitesOf(definition, this.side);
		this.sites.set(by, sites);
		const locks = new Set(sites.flatMap((site) => (places.has(site.line) ? (lockOf(site) ?? []) : [])));
		const here = pointsOf(definition, sites).filter(({ node }) => node.line <= line && line <= (node.type === 'if_statement' ? (node.field('condition')?.endLine ?? node.line) : node.endLine));
		return here.length > 0 && here.every(({ held }) => [...held.keys()].some((each) => locks.has(each)));
	}

	/** Locks that every caller in sight holds where it calls the function; `shared`: of those callers that do not have what they work on for themselves. */
	heldAtEntry(name: string, depth = 0, shared = false): readonly string[] {
		const told = shared ? undefined : this.entered.get(name);
		if (told) return told;
		if (depth > CLIMB_BOUND || !this.side.functions.has(name) || isEntry(this.side, name)) return [];
		let common: readonly string[] | undefined;
		const callers = this.side.callers.get(name) ?? [];
		const sharing = shared ? callers.filter((caller) => !HAS_IT_ALONE.test(caller)) : callers;
		for (const caller of sharing.length > 0 ? sharing : callers) {
			const above = this.heldAtEntry(caller, depth + 1, shared);
			this.walk(caller, ({ kind, key }, held) => {
				if (kind !== 'call' || key !== name) return;
				const here = [...above, ...held];
				common = common ? common.filter((each) => here.some((other) => alike(each, other))) : here;
			});
		}
		const held = common ?? [];
		if (depth === 0 && !shared) this.entered.set(name, held);
		return held;
	}

	/** The function's facts in order, each with the locks that its own text holds there. */
	private walk(name: string, visit: (fact: ReturnType<Digests['factsOf']>[number], held: readonly string[]) => void): void {
		const held: string[] = [];
		for (const fact of this.digests.factsOf(name)) {
			if (fact.kind === 'lock') held.push(fact.key);
			else if (fact.kind === 'unlock' && !fact.leaves) {
				const at = held.lastIndexOf(fact.key);
				if (at >= 0) held.splice(at, 1);
			} else visit(fact, held);
		}
	}

	private collect(): ReadonlyMap<string, readonly Use[]> {
		const found = new Map<string, Use[]>();
		for (const by of [...this.side.functions.keys()].slice(0, FUNCTIONS_BOUND)) {
			const above = this.heldAtEntry(by, 0, true);
			this.walk(by, ({ kind, key, line }, held) => {
				const called = kind === 'call' || kind === 'far-call';
				const what = called ? `${key}()` : kind === 'read' || kind === 'write' ? key : null;
				if (what === null) return;
				const uses = found.get(what) ?? [];
				uses.push({ by, locks: [...above, ...held], writes: kind === 'write' || called, line });
				found.set(what, uses);
			});
		}
		return found;
	}
}
