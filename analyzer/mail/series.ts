import type { Message } from './message';
import type { FilePatch, Patch, Remark, Series } from './patch';
import { bareSubject } from './subject';

/** Puts messages in the order of their series: versions apart, [n/m] in order, replies with the patch they answer. */
export function assembleSeries(messages: readonly Message[], repairs: readonly Remark[]): Series {
	const patches: Patch[] = [];
	const replies: Patch[] = [];
	for (const { patch, reply } of messages) {
		const original = reply && messages.length > 1 ? messages.some((other) => !other.reply && answers(patch, other.patch)) : false;
		(original ? replies : patches).push(patch);
	}
	const problems: Remark[] = [];
	const answered = patches.map((patch) => replies.filter((reply) => answers(reply, patch)).reduce(withReply, patch));
	const ordered = answered.map((patch, place) => ({ patch, place })).sort((a, b) =>
		(a.patch.number === undefined || b.patch.number === undefined ? 0
			: (a.patch.version ?? 1) - (b.patch.version ?? 1) || a.patch.number - b.patch.number) || a.place - b.place).map(({ patch }) => patch);
	const versions = [...new Set(ordered.filter(({ number }) => number !== undefined).map(({ version }) => version ?? 1))];
	if (versions.length > 1) {
		problems.push({ message: `several versions of a series stand in this document: v${versions.join(', v')}`, input: ordered[0]!.from });
	}
	for (const version of versions) {
		const numbered = ordered.filter((patch) => patch.number !== undefined && (patch.version ?? 1) === version);
		const total = Math.max(...numbered.map((patch) => patch.total ?? 0));
		const missing = numbered.length > 1 ? Array.from({ length: Math.min(total, 1000) }, (_, n) => n + 1).filter((n) => !numbered.some(({ number }) => number === n)) : [];
		if (missing.length > 0) {
			problems.push({ message: `of ${total} patches of the series these are missing: ${missing.join(', ')}`, input: numbered[0]!.from });
		}
	}
	const [first, ...rest] = ordered.flatMap(inSteps);
	return { patches: first === undefined ? [] : [{ ...first, repairs: [...repairs, ...first.repairs], problems: [...problems, ...first.problems] }, ...rest], problems };
}

/** Diffs of one file after another, put into one mail, are steps of a series: each is of what the step before it leaves. */
function inSteps(patch: Patch): readonly Patch[] {
	const steps: FilePatch[][] = [[]];
	for (const file of patch.files) {
		const step = steps.at(-1) ?? [];
		if (step.some((each) => goesBack(each, file))) steps.push([file]);
		else step.push(file);
	}
	if (steps.length === 1) return [patch];
	const begins = steps.map(([file], at) => (at === 0 || !file ? patch.from : file.input));
	return steps.map((files, at): Patch => ({
		...patch, files, from: begins[at] ?? patch.from, to: (begins[at + 1] ?? patch.to + 1) - 1,
		...(at === 0 ? {} : { repairs: [], problems: [] }),
	}));
}

/** The second diff of a file begins before where the first one ended: it is no more of the same, as where each hunk has a header of its own. */
function goesBack(first: FilePatch, second: FilePatch): boolean {
	const [last, begin] = [first.hunks.at(-1), second.hunks[0]];
	return first.change === 'modified' && second.change === 'modified' && first.newPath === second.newPath && last !== undefined && begin !== undefined
		&& begin.oldStart > 0 && begin.oldStart < last.newStart + last.newCount;
}

const answers = (reply: Patch, patch: Patch): boolean =>
	bareSubject(reply.subject) === bareSubject(patch.subject) && (reply.number ?? -1) === (patch.number ?? -1) && (reply.version ?? 1) === (patch.version ?? 1);

/** What was said of a patch belongs to it; the diff that the reply quotes does not. */
const withReply = (patch: Patch, reply: Patch): Patch => ({
	...patch,
	prose: [...patch.prose, ...reply.prose.filter(({ author }) => author === 'reply')],
	diagrams: [...patch.diagrams, ...reply.diagrams.filter(({ author }) => author === 'reply')],
	repairs: reply.files.length === 0 ? patch.repairs : [...patch.repairs, { message: 'the diff that this reply quotes is read from the patch itself', input: reply.from }],
});
