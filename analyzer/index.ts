import { toLitmus, toPromela } from '../sim';
import type { Analyzer, AnalyzerOptions, ReviewRequest } from './engine';
import { freeState, KeptPrograms } from './free-stepping';
import { imagesOf, isOtherVersion, type FileImages, type Image, type Overlay } from './images';
import { loadTable, type Table } from './knowledge';
import { readBytes, readSeries } from './mail';
import type { Patch, Series } from './mail/patch';
import { mentions, raceClaims } from './mail/prose';
import { besideHunks, insteadOfOtherVersion, isAccused, isQuiet, untried } from './hunks-alone';
import { createParser, loadWasmEngine } from './parse';
import type { TreePort } from './ports';
import type { InputReview, Outcome } from './review';
import { reviewPatch } from './review-patch';
import type { Attempt, ReviewContext } from './review-scenario';
import { parseScenarios, readModels, type Told, treeSources, type TreeSources } from './scenarios';
import { DefinitionFinder } from './images/definitions';
import { KeptFailing } from './suggest';

export type { Analyzer, AnalyzerOptions, KnowledgeFiles, PatchOutline, Progress, ReviewRequest } from './engine';
export type { TreePort } from './ports';
export type * from './review';
export { type SuggestRequest, type Suggestion, withSuggestions } from './suggest';

/** Loads parser and knowledge. Rejects when the WebAssembly does not load; mistakes in the user's own rows are problems of each review. */
export async function createAnalyzer(options: AnalyzerOptions): Promise<Analyzer> {
	const loading = 'syntax' in options ? options.syntax : loadWasmEngine({ treeSitterWasm: options.runtimeWasm, languageWasm: options.grammarWasm });
	// While WebAssembly is compiled beside us.
	const { table, problems } = loadTable(options.knowledge.table);
	const parser = createParser(await loading);
	const models = readModels(parser, options.knowledge.models);
	const modelled = (name: string): boolean => models.functions.has(name) || table.rows.evenPartial(name) !== undefined;
	const context = (request: Omit<ReviewRequest, 'name'>, beyond: TreeSources | null): ReviewContext => ({
		parser, table, models, beyond, signal: request.signal, outlined: request.outlined,
		progress: request.progress && ((stage, done, total, outcome) => request.progress?.({ stage, done, total, ...(outcome ? { outcome } : {}) })),
	});
	const programs = new KeptPrograms();
	const failing = new KeptFailing();
	/** The review of a patch from the images of its files, whole or not, and from its hunks alone where that says more. */
	const reviewFiles = async (c: ReviewContext, name: string, patch: Patch, files: readonly FileImages[], hunks: readonly FileImages[], told: Told, amiss: readonly string[], whole: boolean): Promise<InputReview> => {
		const review = await reviewPatch(c, name, patch, files, told, amiss);
		const doubtful = isAccused(review) && files.some(({ pre, post }) => [pre, post].some((image) => image !== null && isOtherVersion(image)));
		const alone = whole && (isQuiet(review) || doubtful) && !c.signal?.aborted ? await reviewPatch({ ...c, beyond: null, entire: files }, name, patch, hunks, told, []) : null;
		if (!alone) return review;
		const asked = untried(review, alone);
		const tried = asked.length > 0 && !c.signal?.aborted ? await reviewPatch({ ...c, briefly: true }, name, patch, files, { ...told, asked }, []) : null;
		return (doubtful ? insteadOfOtherVersion : besideHunks)(review, alone, tried);
	};
	const finders = new WeakMap<TreePort, DefinitionFinder>();
	const sourcesIn = (tree: TreePort): TreeSources => {
		const finder = finders.get(tree) ?? new DefinitionFinder(tree);
		finders.set(tree, finder);
		finder.edited();
		return treeSources(parser, finder);
	};
	/** What the document reviewed last left behind, for the next part of its series. */
	let last: { readonly document: string | Uint8Array; readonly patch: Patch | undefined; readonly overlay: Overlay; readonly tree: TreePort | undefined } | null = null;
	const read = async (document: string | Uint8Array): Promise<Series> => (typeof document === 'string' ? readSeries(document) : await readBytes(document));
	/** What earlier documents of the same series leave behind for `patch`. */
	const overlayBefore = async (patch: Patch | undefined, { after = [], tree }: ReviewRequest): Promise<Overlay> => {
		if (last && last.document === after.at(-1) && last.tree === tree) return continues(last.patch, patch) ? last.overlay : new Map();
		let overlay: Overlay = new Map();
		for (const document of patch?.total === undefined ? [] : after) {
			for (const each of (await read(document)).patches) if (continues(each, patch)) overlay = imagesOf(each, tree, overlay).after;
		}
		return overlay;
	};
	return {
		async review(document, request) {
			const asked = request.scenario === undefined ? null : parseScenarios(request.scenario);
			// What the user asks for joins what is known of the document.
			if (!asked || !programs.knows(request.name)) programs.open(request.name);
			failing.open(request.name);
			const series = await read(document);
			const beyond = request.tree ? sourcesIn(request.tree) : null;
			const reviews: InputReview[] = [];
			let overlay = await overlayBefore(series.patches[0], request);
			for (const patch of series.patches) {
				if (request.signal?.aborted) break;
				const { files, remarks, after } = imagesOf(patch, request.tree, overlay);
				overlay = after;
				const told = { ...toldBy(table, patch), asked: asked?.scenarios };
				const images = patch.files.length === 0 && beyond && request.tree ? standing(told.claims.flatMap((claim) => claim.parties), beyond, request.tree, modelled) : files;
				const found = files.flatMap(({ path, pre, post }) => { const image = pre ?? post; return image?.completeness === 'whole' ? [`${path}: ${image.found}`] : []; });
				const amiss = [...(reviews.length ? [] : [...problems, ...(asked?.problems ?? [])]), ...remarks.filter(({ message }) => !found.includes(message)).map((each) => `line ${each.input}: ${each.message}`)];
				const keep: ReviewContext['keep'] = (of, scenario, which, lowered) => programs.add(request.name, of.from, scenario, which, lowered);
				const attempts: Attempt[] = [];
				const hunks = found.length ? imagesOf(patch).files : [];
				const c: ReviewContext = { ...context(request, beyond), keep, failing: (attempt) => attempts.push(attempt) };
				const reviewed = await reviewFiles(c, request.name, patch, images, hunks, told, amiss, found.length > 0);
				const review = { ...reviewed, ...(found.length ? { sources: found } : {}) };
				if (request.signal?.aborted) break;
				failing.add(request.name, { review, attempts, files: images, hunks, again: (files, shown, signal) => reviewFiles({ ...context({}, beyond), briefly: true, signal }, request.name, patch, files, shown, told, amiss, found.length > 0) });
				reviews.push(review);
				request.reviewed?.(review);
			}
			last = { document, patch: series.patches.at(-1), overlay, tree: request.tree };
			if (reviews.length === 0 && !request.signal?.aborted) reviews.push(nothing(request.name, [...series.problems.map((each) => `line ${each.input}: ${each.message}`), ...problems]));
			return reviews;
		},
		async simulate(functions, request) {
			const beyond = sourcesIn(request.tree);
			const asked = request.scenario === undefined ? null : parseScenarios(request.scenario);
			// One function: along each of its paths, and against a second run of itself.
			const scenarios = asked?.scenarios ?? (functions.length === 1 ? [functions, [...functions, ...functions]] : [functions]);
			const told: Told = { diagrams: [], claims: [], mentioned: functions, asked: scenarios };
			const patch: Patch = { subject: functions.map((name) => `${name}()`).join(' against '), commit: null, fixes: [], base: null, prose: [], diagrams: [], files: [], repairs: [], problems: [], from: 0, to: 0 };
			const images = standing([...functions, ...scenarios.flat()], beyond, request.tree, () => false);
			const missing = functions.filter((name) => !models.functions.has(name) && beyond.fileOf(name, images[0]?.path ?? '') === null).map((name) => `${name}(): the tree does not define it`);
			const review = asItStands(await reviewPatch(context(request, beyond), functions.join(' '), patch, images, told, [...problems, ...(asked?.problems ?? []), ...missing]));
			// What cannot be found is not left out by a bound.
			return review.scenarios.length ? review : { ...review, leftOut: 0 };
		},
		step: ({ name, patch, scenario, side, entries }) => {
			const lowered = programs.get(name, patch, scenario, side);
			return lowered ? freeState(lowered, entries) : null;
		},
		exportProgram: ({ name, patch, scenario, side, format }) => {
			const lowered = programs.get(name, patch, scenario, side);
			if (!lowered) return null;
			if (format === 'promela') return { text: toPromela(lowered.program) };
			if (format === 'program') return { text: JSON.stringify(lowered.program) };
			const told = toLitmus(lowered.program);
			return 'litmus' in told ? { text: told.litmus } : { refused: `${told.thread}: ${told.refused}` };
		},
		suggest: (request) => failing.suggest(request),
		dispose: () => parser.dispose(),
	};
}

/** The patch is a later part of the series that the other one is of. */
const continues = (before: Patch | undefined, patch: Patch | undefined): boolean =>
	before?.total !== undefined && before.total === patch?.total && before.version === patch.version && (before.number ?? 0) < (patch.number ?? 0);

function toldBy(table: Table, patch: Patch): Told {
	const named = mentions(patch.prose);
	const called = named.filter((each) => each.called).map((each) => each.name);
	return { diagrams: patch.diagrams, claims: raceClaims(table, patch), mentioned: [...new Set([...called, ...named.map((each) => each.name)])] };
}

/** Where there is no patch nothing is introduced: what fails, fails as it stands. */
function asItStands(review: InputReview): InputReview {
	const stands = (outcome: Outcome): Outcome => (outcome === 'introduces' ? 'still-fails' : outcome);
	return { ...review, outcome: stands(review.outcome), scenarios: review.scenarios.map((each) => ({ ...each, outcome: stands(each.outcome) })) };
}

/** Files of the tree that define these functions, as they stand; what the models know needs none. */
function standing(functions: readonly string[], beyond: TreeSources, tree: TreePort, known: (name: string) => boolean): readonly FileImages[] {
	const names = [...new Set(functions)];
	const paths = new Set<string>();
	let near = '';
	for (const name of names) {
		if (!/^[A-Za-z_]\w*_\w+$/.test(name) || known(name)) continue;
		const path = beyond.fileOf(name, near);
		if (path) {
			paths.add(path);
			near ||= path;
		}
	}
	return [...paths].flatMap((path) => {
		const text = tree.read(path);
		return text === null ? [] : [{ path, pre: null, post: wholeImage(path, text) }];
	});
}

function wholeImage(path: string, text: string): Image {
	const lines = text.split('\n').length;
	return {
		path, side: 'post', completeness: 'whole', text, fileLines: Array.from({ length: lines }, (_, index) => index + 1), inputLines: new Array<number>(lines).fill(0),
		columns: new Array<number>(lines).fill(0), changed: new Array<boolean>(lines).fill(false), gaps: [], found: 'the tree as it stands', hunks: [],
	};
}

function nothing(name: string, problems: readonly string[]): InputReview {
	return { input: name, subject: '', commit: null, repairs: [], problems, outcome: 'no-diff', scenarios: [], functions: [], from: 1, to: 1, notModelled: [], leftOut: 0 };
}
