import * as v from 'valibot';

/**
 * What the stepper and the extension say to each other. The stepper knows nothing else: everything it shows is in these
 * messages, and both sides check what they receive. Lines are 1-based lines of the reviewed document; steps count from 0.
 */

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const line = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1)));

export const WaitingSchema = v.object({
	thread: index,
	operation: v.string(),
	on: v.nullable(v.string()),
	by: v.array(index),
});

export const StepSchema = v.object({
	thread: v.pipe(v.number(), v.integer(), v.minValue(-1)),
	operation: v.string(),
	/** Innermost function, and its callers, outermost first. */
	function: v.string(),
	stack: v.array(v.string()),
	/** `mm/memory.c:1872`, empty where there is none. */
	place: v.string(),
	inputLine: line,
	/** The document's own text of that line. */
	source: v.string(),
	/** `page A.mapping: set -> NULL`. */
	changes: v.array(v.string()),
	locked: v.array(v.string()),
	unlocked: v.array(v.string()),
	waiting: v.array(WaitingSchema),
	modelled: v.boolean(),
});

export const RunSchema = v.object({
	/** Unique in the model, stable over reloads. */
	key: v.string(),
	side: v.picklist(['pre', 'post']),
	kind: v.picklist(['failure', 'passing', 'replay', 'chosen']),
	/** Check and message of a failure; what the run is, otherwise. */
	title: v.string(),
	message: v.string(),
	steps: v.array(StepSchema),
	/** A replay: the step that cannot be taken. */
	stuckAt: v.nullable(index),
});

export const ThreadSchema = v.object({
	name: v.string(),
	entry: v.string(),
	context: v.string(),
	/** What runs nobody's code, in words. */
	called: v.optional(v.string()),
});

export const ModelSchema = v.object({
	/** Which document, patch and scenario this is: the state kept over a reload belongs to it. */
	key: v.string(),
	document: v.string(),
	subject: v.string(),
	reason: v.string(),
	outcome: v.string(),
	/** `before ✗ 3 of 14 interleavings fail`. */
	verdicts: v.object({ pre: v.string(), post: v.string() }),
	threads: v.array(ThreadSchema),
	runs: v.array(RunSchema),
	assumptions: v.array(v.object({ text: v.string(), inputLine: line })),
	notModelled: v.array(v.string()),
	/** The engine can be asked which CPU may move next. */
	choosable: v.boolean(),
	/** Steps a second while playing. */
	speed: v.number(),
});

/** The state of *you choose*: what was chosen so far and who may move next. */
export const ChoiceSchema = v.object({
	run: RunSchema,
	enabled: v.array(v.object({ entry: v.pipe(v.number(), v.integer()), thread: index, operation: v.string() })),
	blocked: v.array(WaitingSchema),
	/** What the last step broke; empty: nothing. */
	failure: v.string(),
	done: v.boolean(),
});

export const ToViewSchema = v.variant('kind', [
	v.object({ kind: v.literal('show'), model: ModelSchema, run: v.string(), step: v.nullable(index), strings: v.record(v.string(), v.string()) }),
	/** The editor's cursor moved to a line. */
	v.object({ kind: v.literal('cursor'), line: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
	v.object({ kind: v.literal('choice'), choice: ChoiceSchema }),
	v.object({ kind: v.literal('stale'), message: v.string() }),
]);

export const FromViewSchema = v.variant('kind', [
	v.object({ kind: v.literal('ready'), key: v.string() }),
	/** The stepper stands on this step now. */
	v.object({ kind: v.literal('at'), run: v.string(), step: index, line }),
	v.object({ kind: v.literal('open'), line: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
	v.object({ kind: v.literal('copyTable'), run: v.string() }),
	v.object({ kind: v.literal('reply') }),
	v.object({ kind: v.literal('choose'), side: v.picklist(['pre', 'post']), entry: v.nullable(v.pipe(v.number(), v.integer())) }),
	v.object({ kind: v.literal('undo') }),
]);

export type Waiting = v.InferOutput<typeof WaitingSchema>;
export type ViewStep = v.InferOutput<typeof StepSchema>;
export type ViewRun = v.InferOutput<typeof RunSchema>;
export type ViewThread = v.InferOutput<typeof ThreadSchema>;
export type Model = v.InferOutput<typeof ModelSchema>;
export type Choice = v.InferOutput<typeof ChoiceSchema>;
export type ToView = v.InferOutput<typeof ToViewSchema>;
export type FromView = v.InferOutput<typeof FromViewSchema>;
