import { isSame, type Move, staysInPlace, tellsApart, told as toldAt } from './moved';
import type { Party } from '../threads/party';
import { type Lowered, lower, type Setting } from '../program';
import { type Asked, Questions } from './questions';

/** One lowering, with all that it came of. */
interface Before {
	readonly setting: string;
	readonly parties: readonly Party[];
	readonly registered: Setting['registered'];
	readonly questions: Questions;
	readonly lowered: Lowered;
}

/** Operations of the lowerings that are remembered, the oldest forgotten first; and lowerings that are called alike but differ in what is around them. */
const OPERATIONS_REMEMBERED = 150_000;
const ALIKE = 3;

interface Memory {
	readonly lowerings: Map<string, readonly Before[]>;
	operations: number;
}

/** By the models, of which each analyzer has its own. */
const memories = new WeakMap<Setting['models'], Memory>();

const sizeOf = (all: readonly Before[] | undefined): number =>
	(all ?? []).reduce((sum, { lowered: { program } }) => program.threads.reduce((inner, { code }) => inner + code.length, sum + LEAST), 0);
/** What even an empty one is counted as. */
const LEAST = 50;

const nobody = (): boolean => false;

/**
 * What `lower` makes of the setting. A setting that is what an earlier one was, where everything that was asked of its sources then has the same answer
 * now, gives the same `Lowered` as it did, without being lowered again: for a mail that is edited and reviewed again, that are most.
 */
export function lowerOnce(setting: Setting): Lowered {
	const asked = { sources: setting.sources, oracle: setting.oracle, sets: setting.reading?.sets ?? nobody };
	const told = settingOf(setting);
	const key = `${setting.name} ${setting.parties.map(({ entry }) => entry).join()} ${setting.outline ?? false} ${setting.spawns}`;
	const memory = memories.get(setting.models) ?? { lowerings: new Map<string, readonly Before[]>(), operations: 0 };
	memories.set(setting.models, memory);
	const { lowerings } = memory;
	const before = lowerings.get(key) ?? [];
	const [same, now] = known(before, setting, told, asked) ?? [undefined, first(setting, told, asked)];
	const kept = [now, ...before.filter((each) => each !== same)].slice(0, ALIKE);
	lowerings.delete(key);
	lowerings.set(key, kept);
	memory.operations += sizeOf(kept) - sizeOf(before);
	for (const [oldest, all] of lowerings) {
		if (memory.operations <= OPERATIONS_REMEMBERED) break;
		lowerings.delete(oldest);
		memory.operations -= sizeOf(all);
	}
	return now.lowered;
}

/** Which one it was, and what that is now: another one where functions were moved meanwhile. */
function known(before: readonly Before[], setting: Setting, told: string, asked: Asked): readonly [Before, Before] | undefined {
	for (const each of before) {
		if (each.setting !== told || !sameArray(each.registered, setting.registered) || each.parties.length !== setting.parties.length || !each.parties.every((party, index) => sameParty(party, setting.parties[index]))) continue;
		const moves = each.questions.answeredAlike(asked);
		if (!moves) continue;
		const { parties } = setting;
		const moved = [...moves, ...each.parties.flatMap(({ definition }, index): readonly Move[] => { const to = parties[index]?.definition; return to && to !== definition ? [{ from: definition, to }] : []; })];
		if (!tellsApart(moved)) continue;
		// A remark behind a statement moves nothing.
		if (moved.every(staysInPlace)) return [each, each];
		return [each, { ...each, parties, questions: each.questions.movedTo(asked), lowered: toldAt(each.lowered, moved, parties) }];
	}
	return undefined;
}

function first(setting: Setting, told: string, asked: Asked): Before {
	const { parties, registered, reading } = setting;
	const questions = new Questions(asked.sources.table);
	const { sources, oracle, sets } = questions.of(asked);
	const lowered = lower({ ...setting, sources, oracle, ...(reading ? { reading: { ...reading, sets } } : {}) });
	// What is asked of the patch's sides is asked while it is lowered; kept beyond, it would keep them.
	const { sets: _, ...plain } = lowered.reading;
	return { setting: told, parties, registered, questions, lowered: { ...lowered, reading: plain } };
}

/** What of a setting is plain data. */
function settingOf({ bindings, otherwise, name, acquired, asserted, givers, makers, frozen, noGivers, leftOut, reading, outline, spawns, onlyRegisters }: Setting): string {
	const { sets: _, ...told } = reading ?? {};
	return JSON.stringify([[...bindings], [...otherwise ?? []], name, [...acquired ?? []].map(([gap, taken]) => [gap, [...taken]]), [...asserted ?? []].map(([thread, locks]) => [thread, [...locks]]), [...givers ?? []], [...makers ?? []], [...frozen ?? []], [...noGivers ?? []], [...leftOut ?? []], told, outline, spawns, onlyRegisters]);
}

const sameArray = <T>(a: readonly T[], b: readonly T[]): boolean => a === b || (a.length === b.length && a.every((each, index) => each === b[index]));

function sameParty(a: Party, b: Party | undefined): boolean {
	if (!b) return false;
	const plain = ({ name, entry, context, role, holds, start, runs, key, modelled, callback, caller }: Party): string => JSON.stringify([name, entry, context, role, holds, start, runs, key, modelled, callback, caller?.slot]);
	return isSame(a.definition, b.definition) && a.caller?.definition === b.caller?.definition && a.registration === b.registration && plain(a) === plain(b);
}
