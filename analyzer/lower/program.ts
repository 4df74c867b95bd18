import type { Tried } from './again/trials';
import type { Program, Thread } from '../../sim';
import type { Table } from '../knowledge/table';
import { bodyOfThread, invariants, type LoweringContext, setupCode } from './threads/thread';
import { atRest, inTurn, runsCode } from './threads/at-rest';
import { bystanders } from './threads/bystanders';
import { demoted, freedTypes } from './emitted/demoted';
import { compact } from './emitted/liveness';
import type { Definition, Sources } from './sources';
import type { Lowering } from './lowering';
import { type Reading, UNTOLD } from './reading';
import { DEFERRED, type Registration } from './threads/directory';
import { JoiningThreads } from './threads/joining-threads';
import { takenFrom } from './references/giver';
import { type Elided, type ElidedLock, Facts } from './facts';
import type { OpNote, Origin } from './emitted/emitter';
import type { Party } from './threads/party';
import { World } from './world/world';
import type { TypeOracle } from './world/structs';

/** A scenario side, lowered: what the simulator runs, and what its numbers mean. */
export interface Lowered {
	readonly program: Program;
	readonly origins: readonly Origin[];
	/** What readers are shown for what is the models' own, and what calls tell by their names. */
	readonly own: Table['own'];
	readonly namings: Table['namings'];
	readonly parties: readonly Party[];
	/** Per thread and operation: the class of the cell it works on. */
	readonly notes: readonly (readonly OpNote[])[];
	readonly assumptions: readonly string[];
	readonly unmodelled: readonly string[];
	/** Callbacks that the code registers. */
	readonly registered: readonly Registration[];
	/** Keys of threads that the code starts or stops. */
	readonly mentioned: readonly string[];
	/** Taken in elided code: gap → path → what. */
	readonly acquired: ReadonlyMap<string, ReadonlyMap<string, Elided>>;
	/** Locks that the callers hold, as the code asserts: thread → path → lock. */
	readonly asserted: ReadonlyMap<number, ReadonlyMap<string, ElidedLock>>;
	/** Functions that were found to hand out references, of which count. */
	readonly givers: ReadonlyMap<string, string>;
	/** Functions whose results the code frees. */
	readonly makers: ReadonlySet<string>;
	/** Counts that the code freezes, and at how many. */
	readonly frozen: ReadonlyMap<string, number>;
	/** Functions of whose results the code takes references itself. */
	readonly takenFrom: ReadonlySet<string>;
	/** Locks of the callers', which the code releases and takes again. */
	readonly lent: ReadonlySet<string>;
	readonly tried: Tried;
	/** As what it was read. */
	readonly reading: Reading;
	/** Where each thread is told, once both sides are known not to have the same threads (`judge/lanes.ts`). */
	readonly lanes?: readonly number[];
}

/** How many operations all threads of a side have; none where there is no such side. */
export const operationsOf = (lowered: Lowered | null): number => lowered?.program.threads.reduce((sum, { code }) => sum + code.length, 0) ?? 0;

/** Facts settle after this many passes, or the lowering goes on with what it has. */
const PASSES_BOUND = 12;
/** An armed thread that arms itself again runs this often. */
export const RUNS_BOUND = 2;

export interface Setting {
	readonly parties: readonly Party[];
	readonly sources: Sources;
	readonly oracle: TypeOracle;
	/** Registrations found in code that no party runs (INIT_WORK in a probe function). */
	readonly registered: readonly Registration[];
	readonly models: { readonly initial: readonly Definition[]; readonly quiescence: readonly Definition[] };
	/** Bound operations slots: `vm_operations_struct.fault` → function. */
	readonly bindings: ReadonlyMap<string, string>;
	/** What the other side of the patch has in these slots: the invariants that run code under review ask it as well. */
	readonly otherwise?: ReadonlyMap<string, string>;
	readonly name: string;
	/** What the other side's fragments showed to be taken in elided code: the same hunks, the same code. */
	readonly acquired?: ReadonlyMap<string, ReadonlyMap<string, Elided>>;
	/** What the other side asserts that the parties' callers hold, where the patch takes and releases nothing. */
	readonly asserted?: ReadonlyMap<number, ReadonlyMap<string, ElidedLock>>;
	/** What the other side's functions were found to hand out. */
	readonly givers?: ReadonlyMap<string, string>;
	/** Functions whose results the other side frees. */
	readonly makers?: ReadonlySet<string>;
	/** Counts that the other side freezes. */
	readonly frozen?: ReadonlyMap<string, number>;
	/** Functions that were found to hand out none. */
	readonly noGivers?: ReadonlySet<string>;
	/** Threads that do not join: bystanders. */
	readonly leftOut?: ReadonlySet<string>;
	/** What the patch is, where a fragment can be read in two ways. */
	readonly reading?: Reading;
	/** Only the outline of what the parties do (outline.ts). */
	readonly outline?: boolean;
	/** All that is asked is what the code registers: of the program nothing is told. */
	readonly onlyRegisters?: boolean;
	/** Asynchronous threads join in (false for a look at one function alone). */
	readonly spawns: boolean;
}

/** Lowers the parties of one side until nothing new is learnt. */
export function lower(setting: Setting): Lowered {
	const world = new World(setting.oracle, setting.outline);
	const facts = new Facts();
	for (const [gap, taken] of setting.acquired ?? []) facts.acquired.set(gap, new Map(taken));
	for (const [name, path] of setting.givers ?? []) facts.givers.set(name, path);
	for (const name of setting.makers ?? []) facts.makers.add(name);
	for (const name of setting.noGivers ?? []) facts.noGivers.add(name);
	facts.frozenOtherwise = setting.frozen ?? facts.frozenOtherwise;
	const directory = new JoiningThreads(setting.registered);
	directory.parties = setting.parties;
	let result = pass(setting, world, facts, directory, true);
	// What is registered is read in the first pass, and stays as it was read first.
	if (setting.onlyRegisters) return finish(setting, { ...result, lowerings: [], quiescence: [] }, world, facts, directory);
	// Where the locks lie is known by now, and what the code itself asserts.
	for (const [thread, locks] of setting.asserted ?? []) if (thread < setting.parties.length) facts.inherited.set(thread, new Map([...locks, ...facts.inherited.get(thread) ?? []]));
	// Who hands out references, or objects, is known from the start, as it is where the other side of the patch has shown it: else the same code is two programs.
	if (facts.givers.size > (setting.givers?.size ?? 0) || facts.makers.size > (setting.makers?.size ?? 0)) return lower({ ...setting, givers: facts.givers, makers: facts.makers });
	for (let n = 1; n < PASSES_BOUND; n++) {
		const parties = setting.spawns ? joined(setting, directory) : setting.parties;
		const settled = n > 1 && parties.length === directory.parties.length && !world.changed && facts.settled && world.domains.settled;
		// Counts are only what cells begin with: no code hangs on them.
		const counted = facts.initialCounts().every(([path, count]) => world.initial.get(path) === count);
		if (settled && counted) break;
		for (const [path, count] of facts.initialCounts()) world.initial.set(path, count);
		world.freeze();
		if (settled) break;
		directory.parties = parties;
		facts.begin();
		result = pass(setting, world, facts, directory);
	}
	const idle = setting.leftOut ? new Set<string>() : bystanders(directory.parties, result.lowerings, setting.parties.length, world);
	if (idle.size > 0) return lower({ ...setting, leftOut: idle });
	const lowered = finish(setting, result, world, facts, directory);
	return world.changed ? { ...lowered, assumptions: [...lowered.assumptions, `what the types hold did not settle in ${PASSES_BOUND} passes`] } : lowered;
}

/** The scenario's parties and the asynchronous threads that their code starts or stops. */
function joined(setting: Setting, directory: JoiningThreads): readonly Party[] {
	const parties = [...setting.parties];
	const grown = [...directory.parties.slice(parties.length)];
	parties.push(...grown);
	const known = new Set(parties.map((party) => party.key));
	for (const [key, how] of directory.mentions) {
		const registration = directory.registrations.get(key);
		const definition = registration ? setting.sources.defined(registration.callback) ?? setting.sources.model(registration.callback) : null;
		if (known.has(key) || setting.leftOut?.has(key) || !registration || !definition) continue;
		known.add(key);
		parties.push({
			name: registration.context, entry: registration.callback, definition, context: registration.context,
			start: how.has('spawn') ? 'idle' : 'pending', runs: RUNS_BOUND, key, registration, modelled: false,
		});
	}
	for (const [site, { callback, argument, origin }] of directory.sites) {
		const key = `${DEFERRED} ${site}`;
		if (known.has(key) || setting.leftOut?.has(key)) continue;
		known.add(key);
		const definition = callback ? setting.sources.defined(callback) ?? setting.sources.model(callback) : null;
		const host = setting.parties[0];
		if (!host) continue;
		parties.push({
			name: 'rcu', entry: callback ?? 'kfree_rcu', definition: definition ?? host.definition, context: 'rcu', start: 'idle', runs: RUNS_BOUND, key,
			registration: { key: definition ? DEFERRED : 'free', callback: callback ?? '', context: 'rcu', argument: { ...argument, operand: { value: origin } } }, modelled: false,
		});
	}
	return parties;
}


interface Pass {
	readonly lowerings: readonly Lowering[];
	readonly setup: Lowering;
	readonly quiescence: readonly Lowering[];
	readonly origins: readonly Origin[];
}

/** In the `first` pass, which is never the last, who is started by what was read is read at once. */
function pass(setting: Setting, world: World, facts: Facts, directory: JoiningThreads, first = false): Pass {
	const origins: Origin[] = [{ function: '', stack: [], file: null, line: 0, input: 0, from: 0, to: 0, text: '', modelled: true, changed: false }];
	const context: LoweringContext = { world, facts, directory, origins, sources: setting.sources, bindings: setting.bindings, reading: setting.reading ?? UNTOLD, outline: setting.outline ? (setting.parties.length > 1 ? 'met' : 'alone') : false };
	const lowerings: Lowering[] = [];
	for (;;) {
		for (const [thread, party] of directory.parties.entries()) if (thread >= lowerings.length) lowerings.push(bodyOfThread(context, party, thread));
		const parties = first && setting.spawns ? joined(setting, directory) : directory.parties;
		if (parties.length === directory.parties.length) break;
		directory.parties = parties;
	}
	// Variables that elided lines declare begin as unknowns in the next pass: what they point at, the models' world has to do with already.
	for (const locals of facts.elided.values()) for (const type of locals.values()) world.wantPointee(type);
	const setup = setupCode(context, context.outline ? [] : setting.models.initial);
	const { otherwise, models } = setting;
	const quiescence = [invariants(context, models.quiescence)];
	if (otherwise && otherwise.size > 0) quiescence.push(invariants({ ...context, bindings: otherwise }, models.quiescence.filter(({ fn }) => runsCode(fn.body.text))));
	return { lowerings, setup, quiescence, origins };
}

function finish(setting: Setting, { lowerings, setup, quiescence, origins }: Pass, world: World, facts: Facts, directory: JoiningThreads): Lowered {
	const freed = freedTypes(lowerings, world);
	const notes: (readonly OpNote[])[] = [];
	const threads: Thread[] = lowerings.map((lowering, index) => {
		const party = directory.parties[index];
		const raw = lowering.emitter.finish();
		const quiet = raw.map((op, at) => demoted(op, lowering.emitter.notes[at], facts, freed, world));
		const fixed = party?.registration && party.key?.startsWith(DEFERRED) ? 1 : 0;
		const { code, registers, from } = compact(quiet, fixed);
		notes.push(from.map((at) => lowering.emitter.notes[at] ?? {}));
		const interrupts = party && (party.context === 'hardirq' || party.context === 'softirq' || party.context === 'timer')
			? directory.parties.flatMap((other, thread) => (thread !== index && other.context !== 'hardirq' && !(other.context === party.context) ? [thread] : [])) : [];
		return {
			name: party?.name ?? `CPU${index}`, context: party?.context ?? 'task', registers: Math.max(1, registers), watches: lowering.emitter.watches, code,
			start: party?.start === 'pending' && !party.modelled && directory.setUp.has(party.key ?? '') ? 'idle' : (party?.start ?? 'ready'), runs: party?.runs ?? 1, ...(interrupts.length > 0 ? { interrupts } : {}),
		};
	});
	const { cells, objects } = world.layout;
	const asked = new Set(setting.models.quiescence.map(({ fn }) => fn.name));
	return {
		program: {
			name: setting.name, cells, objects, threads,
			setup: compact(setup.emitter.finish(), 0).code, quiescence: compact(inTurn(quiescence.map(({ emitter }) => atRest(emitter.finish(), origins, asked))), 0).code,
		},
		origins, own: setting.sources.table.own, namings: setting.sources.table.namings, parties: directory.parties, notes,
		assumptions: [...new Set([...lowerings, setup, ...quiescence].flatMap((lowering) => [...lowering.assumptions]))],
		registered: [...directory.registrations.values()], mentioned: [...directory.mentions.keys()], acquired: facts.acquired, asserted: facts.asserted, givers: facts.givers, makers: facts.makers, frozen: facts.frozenCounts(), takenFrom: takenFrom(facts.results, facts.taken, (from) => world.domains.reached(from)),
		tried: { refused: [...facts.refused.keys()], fitting: [...facts.fitting] }, reading: setting.reading ?? UNTOLD,
		lent: new Set(lowerings.flatMap((lowering) => [...lowering.lent])),
		unmodelled: [...new Set(lowerings.flatMap((lowering) => [...lowering.unmodelled]))].sort(),
	};
}
