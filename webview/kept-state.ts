import * as v from 'valibot';

/** What survives a reload of the window. */
export const KeptStateSchema = v.object({
	key: v.string(),
	run: v.string(),
	at: v.number(),
	table: v.boolean(),
	compare: v.boolean(),
	speed: v.number(),
	followed: v.nullable(v.string()),
});
export type KeptState = v.InferOutput<typeof KeptStateSchema>;
